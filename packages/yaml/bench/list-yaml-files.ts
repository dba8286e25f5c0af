import { readdirSync } from 'node:fs'

/** The YAML files below a directory, relative to it. */
export function listYamlFiles(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ya?ml$/.test(file))
    .sort()
}
