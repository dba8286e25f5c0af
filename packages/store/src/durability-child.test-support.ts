import { writeForEver } from './durability.test-support.ts'

await writeForEver(JSON.parse(process.argv[2] ?? ''))
