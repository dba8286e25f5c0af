// node --expose-gc packages/address/bench/address.bench.ts
import { Address, AddressRange, AddressSet, PrefixTree, parseAddress } from '@tocsin/address'

const million = 1_000_000
let state = 12_345

/** A fixed sequence of 32-bit numbers that look random. */
function random(): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
  return Math.imul(state ^ (state >>> 15), 0x2c1b3c6d)
}

function measure(name: string, times: number, run: () => number): void {
  run()
  const start = performance.now()
  const sum = run()
  const ms = performance.now() - start
  console.log(`${name}: ${(times / ms / 1000).toFixed(1)} M/s (${sum & 1})`)
}

const v4 = Array.from({ length: 10_000 }, () => Address.ofIpv4(random()).toString())
const v6 = Array.from({ length: 10_000 }, () =>
  Address.ofIpv6(0x20010db8, random(), 0, random()).toString(),
)
for (const [name, texts] of Object.entries({ v4, v6 })) {
  measure(`parse ${name}`, million, () => {
    let sum = 0
    for (let i = 0; i < million; i++) sum ^= parseAddress(texts[i % 10_000] ?? '')?.w0 ?? 0
    return sum
  })
}

function benchFamily(family: 4 | 6): void {
  const make = () =>
    family === 4 ? Address.ofIpv4(random()) : Address.ofIpv6(0x20010db8, random(), random(), 1)
  globalThis.gc?.()
  const before = process.memoryUsage()
  const tree = new PrefixTree<true>()
  const lengths = family === 4 ? [32, 32, 32, 24, 16] : [128, 64, 64, 48]
  const started = performance.now()
  for (let i = 0; i < million; i++) {
    tree.set(AddressRange.of(make(), lengths[i % lengths.length]), true)
  }
  const ms = performance.now() - started
  globalThis.gc?.()
  const after = process.memoryUsage()
  const bytes = after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers
  console.log(
    `tree v${family}: ${tree.size} ranges in ${ms.toFixed(0)} ms, ${(bytes / tree.size).toFixed(0)} bytes each`,
  )
  const probes = Array.from({ length: 100_000 }, make)
  measure(`tree v${family} find`, 100_000, () => {
    let sum = 0
    for (const probe of probes) if (tree.find(probe)) sum++
    return sum
  })
  const set = new AddressSet()
  for (let i = 0; i < million; i++) set.addAddress(make())
  measure(`set v${family} has`, 100_000, () => {
    let sum = 0
    for (const probe of probes) if (set.has(probe)) sum++
    return sum
  })
}

benchFamily(4)
benchFamily(6)
