/** A histogram as bars. */

import { formatNumber, type Histogram, largestBucket } from './band-values.ts'

const HEIGHT = 60

type Props = { name: string; histogram: Histogram }

export function HistogramBars({ name, histogram }: Props) {
  const { min, max, counts } = histogram
  const { from, to } = largestBucket(histogram)
  const highest = Math.max(...counts, 1)
  const range = `${formatNumber(min)} to ${formatNumber(max)}`
  const most = `most pixels from ${formatNumber(from)} to ${formatNumber(to)}`
  return (
    <figure class="histogram">
      <svg
        viewBox={`0 0 ${counts.length} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Histogram of ${name}: ${range}, ${most}`}
      >
        {counts.map((count, index) => {
          // The least bar that is seen: few pixels are not none.
          const height = count === 0 ? 0 : Math.max(1, (HEIGHT * count) / highest)
          return <rect key={index} x={index} y={HEIGHT - height} width="0.9" height={height} />
        })}
      </svg>
      <figcaption>
        <span>{formatNumber(min)}</span>
        <span>{most}</span>
        <span>{formatNumber(max)}</span>
      </figcaption>
    </figure>
  )
}
