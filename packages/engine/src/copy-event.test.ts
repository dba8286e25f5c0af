import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTextDict, Event, Instant, Line, timeMode } from '@tocsin/model'
import { copyEvent, diffEvents } from './copy-event.ts'

function event() {
  const line = new Line('raw', 'log', 'file', createTextDict(), new Instant(0))
  const made = Event.ofLine(line, timeMode.replay)
  made.parsed.a = '1'
  made.unmarshaled.data = { list: [{ deep: 1 }] }
  return made
}

test('a copy stays as it was', () => {
  const original = event()
  const copy = copyEvent(original)
  original.parsed.a = '2'
  original.meta.new = 'x'
  ;(original.unmarshaled.data as { list: { deep: number }[] }).list.push({ deep: 2 })
  assert.equal(copy.parsed.a, '1')
  assert.equal(copy.meta.new, undefined)
  assert.equal(JSON.stringify(copy.unmarshaled), '{"data":{"list":[{"deep":1}]}}')
})

test('changes are named as rules name them', () => {
  const before = event()
  const after = copyEvent(before)
  after.parsed.a = '2'
  after.meta.user = 'root'
  after.strTime = 'now'
  assert.deepEqual(diffEvents(before, after), [
    { path: 'evt.Parsed.a', before: '1', after: '2' },
    { path: 'evt.Meta.user', before: undefined, after: 'root' },
    { path: 'evt.StrTime', before: '', after: 'now' },
  ])
})
