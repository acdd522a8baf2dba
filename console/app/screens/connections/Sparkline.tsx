export interface SparklineProps {
  /** "Calls in the last hour" */
  readonly label: string
  readonly values: readonly number[]
  readonly tone: 'plain' | 'bad'
}

const height = 20
const bar = 6
const gap = 2

/** One bar for each five minutes, oldest first. */
export function Sparkline({ label, values, tone }: SparklineProps) {
  const most = Math.max(1, ...values)
  const width = values.length * (bar + gap) - gap
  return (
    <svg
      className="sparkline"
      data-tone={tone}
      role="img"
      aria-label={`${label}: ${values.join(', ')}`}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
    >
      {values.map((value, index) => {
        const tall = value === 0 ? 1 : Math.max(2, Math.round((value / most) * height))
        return (
          <rect
            key={index}
            x={index * (bar + gap)}
            y={height - tall}
            width={bar}
            height={tall}
            rx={1}
            data-none={value === 0 || undefined}
          />
        )
      })}
    </svg>
  )
}
