import { resolve } from 'node:path'
import type { Problems } from '@tocsin/diagnostic'
import { compilePattern, type Pattern, PatternError } from '@tocsin/regex'
import type { ExpressionSource, MapReader } from '@tocsin/yaml'
import { readDurationMs } from '../config/read-duration.ts'
import type { SourceKind } from '../config/source-kind.ts'
import { CatFiles } from './cat-files.ts'
import { FileSource } from './file-source.ts'
import { PathGlob } from './path-glob.ts'

/** `source: file` */
export const fileKind: SourceKind = {
  module: 'file',
  read: ({ reader, mode, folder, problems }) => {
    const filenames = readFilenames(reader, folder, problems)
    const excludes = readExcludes(reader, problems)
    const maxLineBytes = reader.integer('max_buffer_size')
    // Folders are always watched and new files always looked for.
    reader.boolean('force_inotify')
    reader.boolean('discovery_poll_enable')
    const discoveryMs = readDurationMs(reader, 'discovery_poll_interval', problems)
    const isPolling = reader.boolean('poll_without_inotify')
    if (filenames.length === 0) return undefined
    const isExcluded = (path: string) => excludes.some((pattern) => pattern.test(path))
    return {
      subject: filenames.join(','),
      create: ({ mode: _, ...parts }) =>
        mode === 'cat'
          ? new CatFiles({ ...parts, filenames, isExcluded, maxLineBytes })
          : new FileSource({
              ...{ ...parts, filenames, isExcluded, isPolling },
              ...(discoveryMs === undefined ? {} : { discoveryMs }),
            }),
    }
  },
}

function readFilenames(reader: MapReader, folder: string, problems: Problems): string[] {
  const one = reader.spannedText('filename')
  const texts = [...(reader.spannedTextList('filenames') ?? []), ...(one ? [one] : [])]
  const written = texts.filter(({ text }) => text !== '')
  if (written.length === 0) {
    const message = 'no "filename" and no "filenames"'
    problems.error(reader.span('filenames'), 'TOC_ACQUIS_FILENAMES', message)
  }
  for (const text of written) checkGlob(text, problems)
  return [...new Set(written.map(({ text }) => resolve(folder, text)))]
}

function checkGlob({ text, span }: ExpressionSource, problems: Problems): void {
  try {
    new PathGlob(text)
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    problems.error(span, 'TOC_ACQUIS_GLOB', cause.message)
  }
}

function readExcludes(reader: MapReader, problems: Problems): Pattern[] {
  const patterns: Pattern[] = []
  for (const { text, locate } of reader.spannedTextList('exclude_regexps') ?? []) {
    try {
      patterns.push(compilePattern(text))
    } catch (cause) {
      if (!(cause instanceof PatternError)) throw cause
      problems.error(locate(cause.offset, text.length), 'TOC_ACQUIS_PATTERN', cause.message)
    }
  }
  return patterns
}
