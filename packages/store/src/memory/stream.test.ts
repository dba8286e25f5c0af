import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { newsOf, readReply, TestClock } from '../samples.test-support.ts'
import { DecisionMemory } from './decision-memory.ts'
import { MemoryStream } from './stream.ts'
import { readTarget, textTarget } from './target.ts'

const kind = { origin: 'CAPI', scenario: 'a', type: 'ban', scope: 'Ip', isSimulated: false }
const request = { filter: {}, isDeduplicated: true }

function filled(count: number) {
  const clock = new TestClock()
  const memory = new DecisionMemory({ clock, seed: 1 })
  memory.kinds.add(1, kind)
  const untilMs = clock.nowMs() + 60_000
  const changes = Array.from({ length: count }, (_, i) => {
    const value = `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`
    return {
      id: i + 1,
      kind: 1,
      untilMs,
      uuid: '',
      target: readTarget('Ip', value) ?? textTarget(''),
    }
  })
  memory.apply(1, changes)
  return { clock, memory, changes }
}

suite('MemoryStream', () => {
  test('a start is cut into chunks that all who start then share', () => {
    const { memory } = filled(10_000)
    const stream = new MemoryStream(memory)
    const one = [...stream.open(request).chunks]
    const two = [...stream.open(request).chunks]
    assert.ok(one.length > 5)
    assert.ok(one.every((chunk) => chunk.length < 1_000_000))
    for (const [i, chunk] of one.entries()) assert.equal(chunk.buffer, two[i]?.buffer)
    assert.equal(JSON.parse(Buffer.concat(one).toString()).new.length, 10_000)
  })

  test('a slow reader gets its whole start, though the cache forgot it and slots moved', () => {
    const { clock, memory, changes } = filled(10_000)
    const stream = new MemoryStream(memory, 1)
    const chunks = stream.open(request).chunks[Symbol.iterator]()
    const read: Buffer[] = []
    for (let i = 0; i < 3; i++) read.push(chunks.next().value ?? assert.fail('a chunk'))
    const ended = changes.slice(0, 5_000).map((c) => ({ ...c, untilMs: clock.nowMs() }))
    memory.apply(2, ended)
    clock.pass(1)
    memory.compact(clock.nowMs())
    for (let next = chunks.next(); !next.done; next = chunks.next()) read.push(next.value)
    const { new: fresh } = JSON.parse(Buffer.concat(read).toString())
    const ids = fresh.map((item: { id: number }) => item.id)
    assert.equal(new Set(ids).size, ids.length, 'none twice')
    for (let id = 5_001; id <= 10_000; id++) assert.ok(ids.includes(id))
  })

  test('a large snapshot is shared though something changed, and the next delta tells', () => {
    const { clock, memory, changes } = filled(60_000)
    const stream = new MemoryStream(memory)
    const first = stream.open(request)
    const [gone] = changes
    if (gone) memory.apply(2, [{ ...gone, untilMs: clock.nowMs() }])
    const second = stream.open(request)
    assert.deepEqual(second.position, first.position)
    const delta = stream.open({ ...request, since: second.position })
    assert.deepEqual(newsOf(delta), ['-10.0.0.0'])
    clock.pass(2_000)
    assert.notDeepEqual(stream.open(request).position, first.position)
  })

  test('what many bouncers ask for after a large change is made once', () => {
    const { clock, memory, changes } = filled(5_000)
    const stream = new MemoryStream(memory)
    const first = stream.open(request).position
    clock.pass(1_000)
    const second = stream.open({ ...request, since: first }).position
    const longer = changes.map((c) => ({ ...c, untilMs: c.untilMs + 60_000 }))
    memory.apply(2, longer)
    clock.pass(4_000)
    const one = stream.open({ ...request, since: second })
    const two = stream.open({ ...request, since: first })
    const chunks = [...one.chunks]
    const others = [...two.chunks]
    assert.equal(JSON.parse(Buffer.concat(chunks).toString()).new.length, 5_000)
    for (const [i, chunk] of chunks.entries()) assert.equal(chunk.buffer, others[i]?.buffer)
    // Later it is made anew, with durations of that time.
    clock.pass(2_000)
    const { new: fresh } = readReply(stream.open({ ...request, since: first }))
    assert.equal(fresh[0]?.duration, '1m53s')
  })

  test('who knows more than there is, or what is forgotten, starts anew', () => {
    const { clock, memory } = filled(2)
    const stream = new MemoryStream(memory)
    const { seq, pullMs } = stream.open(request).position
    for (const since of [
      { seq: seq + 1, pullMs },
      { seq, pullMs: pullMs - 48 * 3_600_000 },
    ]) {
      assert.equal(readReply(stream.open({ ...request, since })).new.length, 2)
    }
    clock.pass(3_000)
    const { position } = stream.open({ ...request, since: { seq, pullMs } })
    assert.deepEqual(position, { seq, pullMs: pullMs + 3_000 })
  })

  test('hostile values stay inside their string', () => {
    const { clock, memory } = filled(0)
    memory.kinds.add(2, { ...kind, scope: 'username', scenario: '"],"deleted":[' })
    const values = ['"},{"', '</script>', '\\', '\u0000', '\u2028', 'é𝄞', '']
    const untilMs = clock.nowMs() + 60_000
    memory.apply(
      2,
      values.map((text, i) => ({
        id: i + 1,
        kind: 2,
        untilMs,
        uuid: '"',
        target: textTarget(text),
      })),
    )
    const { new: fresh, deleted } = readReply(new MemoryStream(memory).open(request))
    assert.deepEqual(
      fresh.map((item) => item.value),
      values,
    )
    assert.deepEqual(deleted, [])
  })

  test('listeners hear of changes until they stop', () => {
    const { clock, memory, changes } = filled(1)
    const stream = new MemoryStream(memory)
    let count = 0
    const [change] = changes
    assert.ok(change)
    {
      using _ = stream.onChange(() => count++)
      memory.apply(2, [{ ...change, untilMs: clock.nowMs() + 1 }])
    }
    memory.apply(3, [{ ...change, untilMs: clock.nowMs() + 2 }])
    assert.equal(count, 1)
  })
})
