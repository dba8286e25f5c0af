export { createFakeResolver, type FakeResolver } from './fake-resolver.ts'
export { type MmdbValue, writeMmdb } from './write-mmdb.ts'
