/** A straight line through samples, and how far it may be off. */
export interface Slope {
  /** Change of the value for each unit of time. */
  readonly perUnit: number
  /** Half the width of its interval of 95 %. */
  readonly margin: number
  readonly mean: number
}

/** Least squares; the margin takes the samples as independent, which neighbours are not quite. */
export function fitSlope(samples: readonly (readonly [time: number, value: number])[]): Slope {
  const count = samples.length
  const meanTime = samples.reduce((sum, [time]) => sum + time, 0) / count
  const mean = samples.reduce((sum, [, value]) => sum + value, 0) / count
  let covariance = 0
  let variance = 0
  for (const [time, value] of samples) {
    covariance += (time - meanTime) * (value - mean)
    variance += (time - meanTime) ** 2
  }
  const perUnit = covariance / variance
  const squares = samples.reduce((sum, [time, value]) => {
    return sum + (value - mean - perUnit * (time - meanTime)) ** 2
  }, 0)
  const margin = 1.96 * Math.sqrt(squares / Math.max(1, count - 2) / variance)
  return { perUnit, margin, mean }
}
