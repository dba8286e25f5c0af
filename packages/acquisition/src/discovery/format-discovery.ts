import type { Discovery } from './discover-sources.ts'

/**
 * Writes what was found as an acquisition file, one document a source; empty when nothing was found.
 *
 *     # nginx
 *     source: file
 *     filenames:
 *       - "/var/log/nginx/*.log"
 *     labels:
 *       type: nginx
 */
export function formatAcquisition({ sources }: Pick<Discovery, 'sources'>): string {
  const documents = sources.map(({ module, type, services, filters }) => {
    const key = module === 'file' ? 'filenames' : 'journalctl_filter'
    // Matches of the same field are alternatives: any of the units.
    const items = filters.map((filter) => `  - ${JSON.stringify(filter)}\n`).join('')
    return `# ${services.join(', ')}\nsource: ${module}\n${key}:\n${items}labels:\n  type: ${type}\n`
  })
  return documents.join('---\n')
}
