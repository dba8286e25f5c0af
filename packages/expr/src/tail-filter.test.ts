import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { compiled } from './evaluate.test-support.ts'
import { createEvent } from './event-environment.test-support.ts'

const events = (types: readonly string[]) =>
  types.map((type, i) => createEvent({ meta: { type, i: String(i) } }))

suite('a filter of which only the last matches are looked at', () => {
  const bodies = [
    'len(f) >= 3',
    'len(f) > 3',
    'len(f) == 2',
    'len(f) < 2 || len(f) != 4',
    'join(map(f[-2:], {#.Meta.i}))',
    'len(f) >= 2 && join(map(f[-3:], {#.Meta.i}), "-") != "1-2-3"',
    // These need more than the last ones.
    'join(map(f[1:], {#.Meta.i}))',
    'join(map(f[-3:-1], {#.Meta.i}))',
    'len(f) >= 2 && f[0].Meta.i == "0"',
    'len(f) + 1 > 3',
    'any(f, {#.Meta.i == "0"})',
  ]
  for (const body of bodies) {
    test(body, () => {
      const limited = compiled(`let f = filter(queue.Queue, {#.Meta.type == 'a'}); ${body}`)
      // The same with a predicate that might fail, which is therefore asked of all.
      const whole = compiled(`let f = filter(queue.Queue, {#.GetMeta('type') == 'a'}); ${body}`)
      const law = fc.property(fc.array(fc.constantFrom('a', 'b'), { maxLength: 9 }), (types) => {
        const queue = { Queue: events(types), queue: events(types), l: 0 }
        const outcome = ({ evaluate }: typeof whole) => {
          try {
            return evaluate(createEvent(), queue)
          } catch (error) {
            return String(error)
          }
        }
        assert.deepEqual(outcome(limited), outcome(whole))
      })
      fc.assert(law)
    })
  }

  test('its cost does not grow with the list', () => {
    let asked = 0
    const counted = (type: string) => {
      const event = createEvent()
      const get = () => {
        asked++
        return { type }
      }
      Object.defineProperty(event, 'meta', { get })
      return event
    }
    const { evaluate } = compiled(
      "let f = filter(queue.Queue, {#.Meta.type == 'a'}); len(f) >= 4 && len(f[-4:]) == 4",
    )
    const queue = Array.from({ length: 1000 }, () => counted('a'))
    assert.equal(evaluate(createEvent(), { queue, l: 0 }), true)
    assert.equal(asked, 4)
  })
})
