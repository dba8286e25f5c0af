/** Runs `work` in rounds and prints the median time of one call, with the spread of the rounds. */
export function measure(title: string, calls: number, work: () => unknown): number {
  for (let i = 0; i < calls; i++) work()
  const rounds = Array.from({ length: 7 }, () => {
    const start = performance.now()
    for (let i = 0; i < calls; i++) work()
    return ((performance.now() - start) / calls) * 1e6
  }).sort((a, b) => a - b)
  const [least, median, most] = [rounds[0] ?? 0, rounds[3] ?? 0, rounds[6] ?? 0]
  console.log(`${title}: ${median.toFixed(0)} ns (${least.toFixed(0)}–${most.toFixed(0)})`)
  return median
}
