import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { isNullText, readBoolean, readInteger, readNumber } from './scalar-value.ts'
import { scalarOf } from './testing.ts'

suite('readBoolean', () => {
  for (const text of ['true', 'True', 'TRUE', 'yes', 'Yes', 'on', 'ON']) {
    test(text, () => assert.equal(readBoolean(scalarOf(text)), true))
  }
  for (const text of ['false', 'False', 'no', 'NO', 'off', 'Off']) {
    test(text, () => assert.equal(readBoolean(scalarOf(text)), false))
  }
  for (const text of ['', 'y', 'n', 'tRue', '1', '__proto__', 'constructor', 'toString']) {
    test(`${text} is none`, () => assert.equal(readBoolean(scalarOf(text)), undefined))
  }
  test('quoted is none', () => assert.equal(readBoolean(scalarOf('yes', true)), undefined))
})

suite('readInteger', () => {
  const read = {
    '0': 0,
    '-0': 0,
    '12': 12,
    '+5': 5,
    '-1': -1,
    '1_000': 1000,
    '0x1F': 31,
    '-0x1f': -31,
    '0o17': 15,
    '017': 15,
    '0b101': 5,
  }
  for (const [text, value] of Object.entries(read)) {
    test(text, () => assert.equal(readInteger(scalarOf(text)), value))
  }
  for (const text of ['', '1.0', '1e3', '08', '1 2', '0x', 'abc', '--1', '1:30', '٣']) {
    test(`${text} is none`, () => assert.equal(readInteger(scalarOf(text)), undefined))
  }
  test('quoted is none', () => assert.equal(readInteger(scalarOf('5', true)), undefined))
})

suite('readNumber', () => {
  const read = {
    '5': 5,
    '1.5': 1.5,
    '.5': 0.5,
    '-2.': -2,
    '1e3': 1000,
    '1.5E-1': 0.15,
    '1_0.2_5': 10.25,
    '.inf': Infinity,
    '-.Inf': -Infinity,
  }
  for (const [text, value] of Object.entries(read)) {
    test(text, () => assert.equal(readNumber(scalarOf(text)), value))
  }
  test('.nan', () => assert.equal(readNumber(scalarOf('.nan')), Number.NaN))
  for (const text of ['.', 'e3', '1.2.3', 'inf', 'NaN', '1d', '-']) {
    test(`${text} is none`, () => assert.equal(readNumber(scalarOf(text)), undefined))
  }
})

test('isNullText', () => {
  const nulls = ['', '~', 'null', 'Null', 'NULL', 'nil', ' ', 'none'].filter(isNullText)
  assert.deepEqual(nulls, ['', '~', 'null', 'Null', 'NULL'])
})
