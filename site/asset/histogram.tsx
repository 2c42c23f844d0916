/** A histogram as bars. */

import { formatNumber, type Histogram, largestBucket } from './band-values.ts'

const HEIGHT = 60
const MAX_SEPARATE_BARS = 64

type Props = { name: string; histogram: Histogram }

export function HistogramBars({ name, histogram }: Props) {
  const { min, max, counts } = histogram
  const { from, to } = largestBucket(histogram)
  const highest = Math.max(...counts, 1)
  const range = `${formatNumber(min)} to ${formatNumber(max)}`
  const most = `most frequent: ${formatNumber(from)} to ${formatNumber(to)}`
  // Gaps between many bars would be narrower than a pixel, and look like stripes.
  const width = counts.length > MAX_SEPARATE_BARS ? 1 : 0.9
  const bars = counts.map((count, index) => {
    // The least bar that is seen: few pixels are not none.
    const height = count === 0 ? 0 : Math.max(1, (HEIGHT * count) / highest)
    return `M${index} ${HEIGHT}v${-height}h${width}v${height}z`
  })
  return (
    <figure class="histogram">
      <svg
        viewBox={`0 0 ${counts.length} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`Histogram of ${name}: ${range}, ${most}`}
      >
        <path d={bars.join('')} />
      </svg>
      <figcaption>
        <span>{formatNumber(min)}</span>
        <span>{most}</span>
        <span>{formatNumber(max)}</span>
      </figcaption>
    </figure>
  )
}
