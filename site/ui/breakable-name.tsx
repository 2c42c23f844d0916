/** A name whose lines break after underscores, not in the middle of a word. Copies are unchanged. */

export function BreakableName({ name }: { name: string }) {
  return name.split(/(?<=_)(?=[^_])/).map((part) => (
    <>
      {part}
      {part.endsWith('_') && <wbr />}
    </>
  ))
}
