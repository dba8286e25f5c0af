import assert from 'node:assert/strict'
import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { suite, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { FileRig } from './file-source.test-support.ts'

const long = 'a line long enough to be told from another one'
/** Lines that differ, of the same length each. */
const line = (n: number) => `${long} ${String(n).padStart(6, '0')}`
const text = (...numbers: number[]) => numbers.map((n) => `${line(n)}\n`).join('')

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Generations are told apart by their birth, and the clock of file systems ticks every few ms. */
const tick = () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 12)

/** A rig with a log that has a first line, read to its end. */
async function following(
  options: ConstructorParameters<typeof FileRig>[0] = {},
  pattern = 'a.log',
) {
  const rig = new FileRig(options)
  try {
    rig.start(pattern)
    await rig.until(() => rig.source?.position() !== undefined)
    writeFileSync(rig.path('a.log'), text(0))
    await rig.until(() => rig.lines.length === 1, 'the first line')
    return rig
  } catch (failure) {
    await rig[Symbol.asyncDispose]()
    throw failure
  }
}

for (const isPolling of [false, true]) {
  suite(`FileSource, ${isPolling ? 'polling' : 'with notice of changes'}`, () => {
    const options = { isPolling }

    test('what is there is left alone, what is appended is read', async () => {
      await using rig = new FileRig(options)
      writeFileSync(rig.path('a.log'), text(0))
      await pause(20)
      rig.start('a.log')
      await rig.until(() => JSON.stringify(rig.source?.position()).includes('a.log'))
      appendFileSync(rig.path('a.log'), text(1, 2))
      await rig.expect(line(1), line(2))
      const [batch] = rig.batches
      assert.equal(batch?.origin.name, rig.path('a.log'))
      assert.equal(batch?.origin.module, 'file')
      assert.equal(batch?.origin.labels.type, 'syslog')
    })

    test('rename and create: the rest of the old file, then the new one', async () => {
      await using rig = await following(options)
      renameSync(rig.path('a.log'), rig.path('a.log.1'))
      appendFileSync(rig.path('a.log.1'), text(1))
      writeFileSync(rig.path('a.log'), text(2))
      await rig.expect(line(0), line(1), line(2))
      // A writer that has not reopened yet.
      appendFileSync(rig.path('a.log.1'), text(3))
      await rig.expect(line(0), line(1), line(2), line(3))
    })

    test('a rename with a glob that takes both names, twice', async () => {
      await using rig = await following(options, 'a.log*')
      renameSync(rig.path('a.log'), rig.path('a.log.1'))
      writeFileSync(rig.path('a.log'), text(1))
      await rig.expect(line(0), line(1))
      renameSync(rig.path('a.log.1'), rig.path('a.log.2'))
      renameSync(rig.path('a.log'), rig.path('a.log.1'))
      writeFileSync(rig.path('a.log'), text(2))
      await rig.expect(line(0), line(1), line(2))
    })

    test('several generations between two looks', async () => {
      await using rig = await following(options)
      for (let generation = 1; generation <= 5; generation++) {
        for (let old = generation - 1; old >= 1; old--) {
          renameSync(rig.path(`a.log.${old}`), rig.path(`a.log.${old + 1}`))
        }
        renameSync(rig.path('a.log'), rig.path('a.log.1'))
        writeFileSync(rig.path('a.log'), text(generation))
        tick()
      }
      await rig.expect(...[0, 1, 2, 3, 4, 5].map(line))
    })

    test('copied and cut: what was not yet read is found in the copy', async () => {
      await using rig = await following(options)
      appendFileSync(rig.path('a.log'), text(1))
      copyFileSync(rig.path('a.log'), rig.path('a.log.1'))
      truncateSync(rig.path('a.log'))
      appendFileSync(rig.path('a.log'), text(2))
      await rig.expect(line(0), line(1), line(2))
    })

    test('copied and cut with a glob that takes the copy: nothing twice', async () => {
      await using rig = await following(options, 'a.log*')
      writeFileSync(rig.path('a.log.1'), '')
      await pause(80)
      copyFileSync(rig.path('a.log'), rig.path('a.log.1'))
      truncateSync(rig.path('a.log'))
      appendFileSync(rig.path('a.log'), text(2))
      await rig.expect(line(0), line(2))
    })

    test('cut to the same size and longer, between two looks', async () => {
      await using rig = await following(options)
      writeFileSync(rig.path('a.log'), text(1))
      await rig.expect(line(0), line(1))
      writeFileSync(rig.path('a.log'), text(2, 3, 4))
      await rig.expect(line(0), line(1), line(2), line(3), line(4))
    })

    test('a writer that does not append leaves NULs behind', async () => {
      await using rig = await following(options)
      writeFileSync(rig.path('a.log'), `${'\0'.repeat(5000)}${text(1)}`)
      await rig.expect(line(0), line(1))
    })

    test('removed and made again, at once and later', async () => {
      await using rig = await following(options)
      appendFileSync(rig.path('a.log'), text(1))
      rmSync(rig.path('a.log'))
      writeFileSync(rig.path('a.log'), text(2))
      await rig.expect(line(0), line(1), line(2))
      rmSync(rig.path('a.log'))
      await rig.until(() => rig.source?.health.verdict === 'missing', 'missing')
      writeFileSync(rig.path('a.log'), text(3))
      await rig.expect(line(0), line(1), line(2), line(3))
      assert.equal(rig.source?.health.verdict, 'healthy')
    })

    test('a link that leads elsewhere', async () => {
      await using rig = new FileRig({ ...options, startAt: 'beginning' })
      mkdirSync(rig.path('targets'))
      writeFileSync(rig.path('targets/one'), text(0))
      symlinkSync('targets/one', rig.path('a.log'))
      rig.start('a.log')
      await rig.expect(line(0))
      appendFileSync(rig.path('targets/one'), text(1))
      writeFileSync(rig.path('targets/two'), text(2))
      symlinkSync('targets/two', rig.path('next'))
      renameSync(rig.path('next'), rig.path('a.log'))
      await rig.expect(line(0), line(1), line(2))
      appendFileSync(rig.path('targets/two'), text(3))
      await rig.expect(line(0), line(1), line(2), line(3))
    })

    test('files and folders that come later are read from their beginning', async () => {
      await using rig = new FileRig({ ...options, discoveryMs: 100 })
      rig.start('deep/down/*/x*.log', 'late.log')
      await rig.until(() => rig.source?.health.verdict === 'missing', 'missing')
      writeFileSync(rig.path('late.log'), text(1))
      await rig.expect(line(1))
      mkdirSync(rig.path('deep/down/one'), { recursive: true })
      writeFileSync(rig.path('deep/down/one/x1.log'), text(2))
      writeFileSync(rig.path('deep/down/one/y.log'), text(9))
      await rig.expect(line(1), line(2))
    })

    test('a file that an editor wrote anew is not read again', async () => {
      await using rig = await following(options)
      writeFileSync(rig.path('tmp'), text(0, 1))
      renameSync(rig.path('tmp'), rig.path('a.log'))
      await rig.expect(line(0), line(1))
    })
  })
}

suite('FileSource', () => {
  test('a line is held until it ends, and given as it is when it does not', async () => {
    await using rig = await following({ timing: { partialWaitMs: 120 } })
    appendFileSync(rig.path('a.log'), 'one ')
    await rig.expect(line(0))
    appendFileSync(rig.path('a.log'), 'line\ntwo')
    await rig.expect(line(0), 'one line')
    await rig.until(() => rig.lines.length === 3)
    appendFileSync(rig.path('a.log'), ' ended\n')
    await rig.expect(line(0), 'one line', 'two', ' ended')
  })

  test('a line of a megabyte is cut, its rest skipped, the next is whole', async () => {
    await using rig = await following()
    appendFileSync(rig.path('a.log'), `${'x'.repeat(1_000_000)}`)
    await rig.until(() => rig.lines.length === 2)
    appendFileSync(rig.path('a.log'), `${'y'.repeat(10)}\nnext\n`)
    await rig.until(() => rig.lines.length === 3)
    assert.deepEqual(rig.lines.slice(2), ['next'])
    assert.equal(rig.lines[1]?.length, 64 * 1024)
    assert.equal(rig.source?.health.stream(rig.path('a.log')).truncatedCount, 1)
  })

  test('compressed files and folders are left alone, excluded ones too', async () => {
    await using rig = new FileRig({
      startAt: 'beginning',
      isExcluded: (path) => path.endsWith('debug.log'),
    })
    writeFileSync(rig.path('a.log'), text(0))
    writeFileSync(rig.path('a.log.2.gz'), gzipSync(text(1)))
    writeFileSync(rig.path('packed.log'), gzipSync(text(2)))
    writeFileSync(rig.path('debug.log'), text(3))
    mkdirSync(rig.path('folder.log'))
    rig.start('*')
    await rig.expect(line(0))
    assert.equal(rig.source?.health.verdict, 'healthy')
  })

  test('one file by two names is read once', async () => {
    await using rig = new FileRig({ startAt: 'beginning' })
    writeFileSync(rig.path('a.log'), text(0))
    symlinkSync('a.log', rig.path('b.log'))
    rig.start('a.log', 'b.log', '*.log')
    await rig.expect(line(0))
  })

  test('missing and not regular: a verdict each, and others are read', async () => {
    await using rig = new FileRig({ startAt: 'beginning' })
    rig.start('a.log', 'b.log', '*.txt')
    await rig.until(() => rig.source?.health.verdict === 'missing')
    assert.match(rig.changes[0]?.reason ?? '', /(no file matches .*|a\.log does not exist)$/)
    const missed = () => rig.source?.health.stream(rig.path('a.log')).trouble?.message ?? ''
    await rig.until(() => /a\.log does not exist$/.test(missed()))
    writeFileSync(rig.path('b.log'), text(1))
    await rig.expect(line(1))
    assert.equal(rig.source?.health.verdict, 'healthy')
  })

  const restarts: Readonly<Record<string, (rig: FileRig) => void>> = {
    'appended to': (rig) => appendFileSync(rig.path('a.log'), text(1, 2)),
    'rotated by rename': (rig) => {
      appendFileSync(rig.path('a.log'), text(1))
      renameSync(rig.path('a.log'), rig.path('a.log.1'))
      writeFileSync(rig.path('a.log'), text(2))
    },
    'rotated by rename twice': (rig) => {
      renameSync(rig.path('a.log'), rig.path('a.log.2'))
      writeFileSync(rig.path('a.log.1'), text(1))
      writeFileSync(rig.path('a.log'), text(2))
    },
    'rotated, the new file not yet there': (rig) => {
      appendFileSync(rig.path('a.log'), text(1, 2))
      renameSync(rig.path('a.log'), rig.path('a.log.1'))
    },
    'copied and cut': (rig) => {
      appendFileSync(rig.path('a.log'), text(1))
      copyFileSync(rig.path('a.log'), rig.path('a.log.1'))
      writeFileSync(rig.path('a.log'), text(2))
    },
    'written anew with the same content': (rig) => {
      writeFileSync(rig.path('tmp'), text(0, 1, 2))
      renameSync(rig.path('tmp'), rig.path('a.log'))
    },
    touched: (rig) => {
      utimesSync(rig.path('a.log'), 1, 1)
      appendFileSync(rig.path('a.log'), text(1, 2))
    },
  }
  for (const [what, change] of Object.entries(restarts)) {
    test(`${what} while nobody watched: nothing lost, nothing twice`, async () => {
      await using rig = await following()
      await rig.stop()
      change(rig)
      rig.start('a.log')
      await rig.expect(line(0), line(1), line(2))
      await rig.stop()
      rig.start('a.log')
      await rig.expect(line(0), line(1), line(2))
    })
  }

  test('a copy that was left alone is left alone after a restart, too', async () => {
    await using rig = await following({ startAt: 'beginning' }, 'a.log*')
    copyFileSync(rig.path('a.log'), rig.path('a.log.1'))
    await rig.expect(line(0))
    truncateSync(rig.path('a.log'))
    appendFileSync(rig.path('a.log'), text(1))
    await rig.expect(line(0), line(1))
    await rig.stop()
    renameSync(rig.path('a.log.1'), rig.path('a.log.2'))
    appendFileSync(rig.path('a.log'), text(2))
    rig.start('a.log*')
    await rig.expect(line(0), line(1), line(2))
  })

  test('copied and cut twice while nobody watched', async () => {
    for (const pattern of ['a.log', 'a.log*']) {
      await using rig = await following({}, pattern)
      appendFileSync(rig.path('a.log'), text(1))
      await rig.until(() => rig.lines.length === 2)
      await rig.stop()
      for (const generation of [1, 2]) {
        appendFileSync(rig.path('a.log'), text(generation * 2))
        copyFileSync(rig.path('a.log'), rig.path(`a.log-2026080${generation}`))
        writeFileSync(rig.path('a.log'), text(generation * 2 + 1))
        tick()
      }
      rig.start(pattern)
      await rig.until(() => rig.lines.length >= 6)
      assert.deepEqual(rig.lines.toSorted(), [0, 1, 2, 3, 4, 5].map(line))
    }
  })

  test('a file that came while nobody watched is read from its beginning', async () => {
    await using rig = await following({}, '*.log')
    await rig.stop()
    writeFileSync(rig.path('b.log'), text(1))
    rig.start('*.log')
    await rig.expect(line(0), line(1))
  })

  test('a damaged position is no position', async () => {
    await using rig = new FileRig({ startAt: 'beginning' })
    writeFileSync(rig.path('a.log'), text(0))
    rig.saved = { lookedAtMs: 1, files: [null, { path: 3 }, { identity: '1:2', offset: -1 }] }
    rig.start('a.log')
    await rig.expect(line(0))
  })

  test('nothing new: the same position, so nothing to save', async () => {
    await using rig = await following()
    const before = rig.source?.position()
    await pause(150)
    assert.equal(rig.source?.position(), before)
  })
})
