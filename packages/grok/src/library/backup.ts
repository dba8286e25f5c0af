const volume = '"%{BACULA_VOLUME:volume}"'
const device = String.raw`"%{BACULA_DEVICE:device}" \(%{BACULA_DEVICEPATH}\)`
const clock = '%{MONTHDAY}-%{MONTH}-%{YEAR} %{HOUR}:%{MINUTE}'
const errno = 'ERR=%{GREEDYDATA:berror}'
const daemon = String.raw`(?:Client: %{BACULA_HOST:client}|Storage daemon) on %{IPORHOST}:%{POSINT}\. ${errno}`

/** Messages of Bacula, by the end of the pattern's name. */
const messages: readonly (readonly [name: string, text: string])[] = [
  [
    'MAX_CAPACITY',
    `User defined maximum volume capacity %{BACULA_CAPACITY} exceeded on device ${device}`,
  ],
  [
    'END_VOLUME',
    String.raw`End of medium on Volume ${volume} Bytes=%{BACULA_CAPACITY} Blocks=%{BACULA_CAPACITY} at ${clock}\.`,
  ],
  ['NEW_VOLUME', String.raw`Created new Volume ${volume} in catalog\.`],
  ['NEW_LABEL', String.raw`Labeled new Volume ${volume} on device ${device}\.`],
  ['WROTE_LABEL', `Wrote label to prelabeled Volume ${volume} on device ${device}`],
  ['NEW_MOUNT', String.raw`New volume ${volume} mounted on device ${device} at ${clock}\.`],
  ['NOOPEN', String.raw`\s+Cannot open %{DATA}: ${errno}`],
  ['NOOPENDIR', String.raw`\s+Could not open directory %{DATA}: ${errno}`],
  ['NOSTAT', String.raw`\s+Could not stat %{DATA}: ${errno}`],
  [
    'NOJOBS',
    String.raw`There are no more Jobs associated with Volume ${volume}\. Marking it purged\.`,
  ],
  ['ALL_RECORDS_PRUNED', `All records pruned from Volume ${volume}; marking it "Purged"`],
  ['BEGIN_PRUNE_JOBS', String.raw`Begin pruning Jobs older than %{INT} months? %{INT} days ?\.`],
  ['BEGIN_PRUNE_FILES', String.raw`Begin pruning Files\.`],
  ['PRUNED_JOBS', String.raw`Pruned %{INT} Jobs* for client %{BACULA_HOST:client} from catalog\.`],
  [
    'PRUNED_FILES',
    String.raw`Pruned Files from %{INT} Jobs* for client %{BACULA_HOST:client} from catalog\.`,
  ],
  ['ENDPRUNE', String.raw`End auto prune\.`],
  ['STARTJOB', 'Start Backup JobId %{INT}, Job=%{BACULA_JOB:job}'],
  ['STARTRESTORE', 'Start Restore Job %{BACULA_JOB:job}'],
  ['USEDEVICE', 'Using Device "%{BACULA_DEVICE:device}"'],
  [
    'DIFF_FS',
    String.raw`\s+%{UNIXPATH} is a different filesystem\. Will not descend from %{UNIXPATH} into it\.`,
  ],
  [
    'JOBEND',
    'Job write elapsed time = %{DATA:elapsed}, Transfer rate = %{NUMBER} (?:[KMG] )?Bytes/second',
  ],
  ['NOPRUNE_JOBS', String.raw`No Jobs found to prune\.`],
  ['NOPRUNE_FILES', String.raw`No Files found to prune\.`],
  ['VOLUME_PREVWRITTEN', String.raw`Volume ${volume} previously written, moving to end of data\.`],
  ['READYAPPEND', `Ready to append to end of Volume ${volume} size=%{INT}`],
  ['CANCELLING', String.raw`Cancelling duplicate JobId=%{INT}\.`],
  ['MARKCANCEL', String.raw`JobId %{INT}, Job %{BACULA_JOB:job} marked to be canceled\.`],
  ['CLIENT_RBJ', 'shell command: run ClientRunBeforeJob "%{GREEDYDATA:runjob}"'],
  ['VSS', '(?:Generate )?VSS (?:Writer)?'],
  ['MAXSTART', String.raw`Fatal [Ee]rror: Job canceled because max start delay time exceeded\.`],
  [
    'DUPLICATE',
    String.raw`Fatal [Ee]rror: JobId %{INT:duplicate} already running\. Duplicate job not allowed\.`,
  ],
  ['NOJOBSTAT', String.raw`Fatal [Ee]rror: No Job status returned from FD\.`],
  ['FATAL_CONN', String.raw`Fatal [Ee]rror: bsock\.c:\d+ Unable to connect to ${daemon}`],
  ['NO_CONNECT', String.raw`Warning: bsock\.c:\d+ Could not connect to ${daemon}`],
  [
    'NO_AUTH',
    String.raw`Fatal [Ee]rror: Unable to authenticate with File daemon at "?%{IPORHOST}(?::%{POSINT})?"?\. Possible causes:`,
  ],
  ['NOSUIT', String.raw`No prior or suitable Full backup found in catalog\. Doing FULL backup\.`],
  ['NOPRIOR', String.raw`No prior Full backup Job record found\.`],
  ['JOB', String.raw`(?:Error: )?Bacula %{BACULA_HOST} %{BACULA_VERSION} \(%{BACULA_VERSION}\):`],
]

/** Bacula: its log, one pattern per message. */
export const backupPatterns = String.raw`
BACULA_TIMESTAMP %{MONTHDAY}-%{MONTH} %{HOUR}:%{MINUTE}
BACULA_HOST [a-zA-Z0-9-]+
BACULA_VOLUME %{USER}
BACULA_DEVICE %{USER}
BACULA_DEVICEPATH %{UNIXPATH}
BACULA_CAPACITY \d{1,3}(?:,\d{3})*
BACULA_VERSION %{USER}
BACULA_JOB %{USER}
${messages.map(([name, text]) => `BACULA_LOG_${name} ${text}`).join('\n')}
BACULA_LOGLINE %{BACULA_TIMESTAMP:bts} %{BACULA_HOST:hostname} JobId %{INT:jobid}: (?:${messages.map(([name]) => `%{BACULA_LOG_${name}}`).join('|')})
`
