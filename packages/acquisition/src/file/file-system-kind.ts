import { statfs } from 'node:fs/promises'
import { errnoOf } from '../errno.ts'

/** Magic numbers of file systems where others write without this kernel being told. */
const remoteKinds: ReadonlySet<number> = new Set([
  0x6969, // NFS
  0x517b, // SMB
  0xff534d42, // CIFS
  0xfe534d42, // SMB 2
  0x65735546, // FUSE: sshfs, s3fs, …
  0x01021997, // 9p
  0x00c36400, // Ceph
  0x5346414f, // AFS
  0x0bd00bd0, // Lustre
  0x47504653, // GPFS
])

/** Whether changes in a directory may happen without notice, so that one has to poll. */
export async function isRemoteDirectory(directory: string): Promise<boolean> {
  try {
    const { type } = await statfs(directory)
    return remoteKinds.has(type >>> 0)
  } catch (cause) {
    // Unknown is taken as local: the watch has a slow poll behind it anyway.
    if (errnoOf(cause) !== undefined) return false
    throw cause
  }
}
