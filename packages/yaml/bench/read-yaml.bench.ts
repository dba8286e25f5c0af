import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { argv } from 'node:process'
import { Problems, SourceText } from '@tocsin/diagnostic'
import { composeDocuments } from '../src/compose-documents.ts'
import { readPlainDocuments } from '../src/plain-reader.ts'
import { readYaml } from '../src/read-yaml.ts'
import { listYamlFiles } from './list-yaml-files.ts'

/**
 * How long all YAML files below a directory take, the first time, as at start.
 *
 *     node packages/yaml/bench/read-yaml.bench.ts /path/to/hub all|library
 */
const [directory = '.', way = 'all'] = argv.slice(2)
const sources = listYamlFiles(directory).map((file) => {
  return new SourceText(file, readFileSync(join(directory, file), 'utf8'))
})
const problems = new Problems()
const started = performance.now()
for (const source of sources) {
  if (way === 'library') composeDocuments(source, problems)
  else readYaml(source, problems)
}
const tookMs = performance.now() - started
const leftCount = sources.filter((source) => !readPlainDocuments(source)).length
const sizeBytes = sources.reduce((sum, { text }) => sum + text.length, 0)
console.log(
  `${sources.length} files, ${sizeBytes} characters: ${tookMs.toFixed(0)} ms (${way}), ` +
    `${leftCount} left to the library, ${problems.list.length} problems`,
)
