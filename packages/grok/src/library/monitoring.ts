const sourced = '%{DATA:nagios_hostname};%{DATA:nagios_service};'
const state =
  '%{DATA:nagios_state};%{DATA:nagios_statetype};%{DATA:nagios_statecode};%{GREEDYDATA:nagios_message}'
const attempt = '%{DATA:nagios_state};%{DATA:nagios_statelevel};%{NUMBER:nagios_attempt};'

/** What Nagios writes before the first colon, by the end of the pattern's name. */
const entries: readonly (readonly [name: string, title: string, rest: string])[] = [
  ['CURRENT_SERVICE_STATE', 'CURRENT SERVICE STATE', `${sourced}${state}`],
  ['CURRENT_HOST_STATE', 'CURRENT HOST STATE', `%{DATA:nagios_hostname};${state}`],
  [
    'SERVICE_NOTIFICATION',
    'SERVICE NOTIFICATION',
    `%{DATA:nagios_notifyname};${sourced}%{DATA:nagios_state};%{DATA:nagios_contact};%{GREEDYDATA:nagios_message}`,
  ],
  [
    'HOST_NOTIFICATION',
    'HOST NOTIFICATION',
    '%{DATA:nagios_notifyname};%{DATA:nagios_hostname};%{DATA:nagios_state};%{DATA:nagios_contact};%{GREEDYDATA:nagios_message}',
  ],
  ['SERVICE_ALERT', 'SERVICE ALERT', `${sourced}${attempt}%{GREEDYDATA:nagios_message}`],
  ['HOST_ALERT', 'HOST ALERT', `%{DATA:nagios_hostname};${attempt}%{GREEDYDATA:nagios_message}`],
  [
    'SERVICE_FLAPPING_ALERT',
    'SERVICE FLAPPING ALERT',
    `${sourced}%{DATA:nagios_state};%{GREEDYDATA:nagios_message}`,
  ],
  [
    'HOST_FLAPPING_ALERT',
    'HOST FLAPPING ALERT',
    '%{DATA:nagios_hostname};%{DATA:nagios_state};%{GREEDYDATA:nagios_message}',
  ],
  [
    'SERVICE_DOWNTIME_ALERT',
    'SERVICE DOWNTIME ALERT',
    `${sourced}%{DATA:nagios_state};%{GREEDYDATA:nagios_comment}`,
  ],
  [
    'HOST_DOWNTIME_ALERT',
    'HOST DOWNTIME ALERT',
    '%{DATA:nagios_hostname};%{DATA:nagios_state};%{GREEDYDATA:nagios_comment}',
  ],
  [
    'PASSIVE_SERVICE_CHECK',
    'PASSIVE SERVICE CHECK',
    `${sourced}%{DATA:nagios_state};%{GREEDYDATA:nagios_comment}`,
  ],
  [
    'PASSIVE_HOST_CHECK',
    'PASSIVE HOST CHECK',
    '%{DATA:nagios_hostname};%{DATA:nagios_state};%{GREEDYDATA:nagios_comment}',
  ],
  [
    'SERVICE_EVENT_HANDLER',
    'SERVICE EVENT HANDLER',
    `${sourced}%{DATA:nagios_state};%{DATA:nagios_statelevel};%{DATA:nagios_event_handler_name}`,
  ],
  [
    'HOST_EVENT_HANDLER',
    'HOST EVENT HANDLER',
    '%{DATA:nagios_hostname};%{DATA:nagios_state};%{DATA:nagios_statelevel};%{DATA:nagios_event_handler_name}',
  ],
  [
    'TIMEPERIOD_TRANSITION',
    'TIMEPERIOD TRANSITION',
    '%{DATA:nagios_service};%{DATA:nagios_unknown1};%{DATA:nagios_unknown2}',
  ],
]

const host = '%{DATA:nagios_hostname}'
const downtime =
  '%{DATA:nagios_start_time};%{DATA:nagios_end_time};%{DATA:nagios_fixed};%{DATA:nagios_trigger_id};%{DATA:nagios_duration};%{DATA:author};%{DATA:comment}'
const service = `${host};%{DATA:nagios_service}`

/** External commands and their arguments. */
const commands: readonly (readonly [name: string, rest: string])[] = [
  ['DISABLE_SVC_CHECK', service],
  ['ENABLE_SVC_CHECK', service],
  ['DISABLE_HOST_CHECK', host],
  ['ENABLE_HOST_CHECK', host],
  [
    'PROCESS_SERVICE_CHECK_RESULT',
    `${service};%{DATA:nagios_state};%{GREEDYDATA:nagios_check_result}`,
  ],
  ['PROCESS_HOST_CHECK_RESULT', `${host};%{DATA:nagios_state};%{GREEDYDATA:nagios_check_result}`],
  ['SCHEDULE_SERVICE_DOWNTIME', `${service};${downtime}`],
  ['SCHEDULE_HOST_DOWNTIME', `${host};${downtime}`],
  ['DISABLE_HOST_SVC_NOTIFICATIONS', host],
  ['ENABLE_HOST_SVC_NOTIFICATIONS', host],
  ['DISABLE_HOST_NOTIFICATIONS', host],
  ['ENABLE_HOST_NOTIFICATIONS', host],
  ['DISABLE_SVC_NOTIFICATIONS', service],
  ['ENABLE_SVC_NOTIFICATIONS', service],
]

const lines = (texts: readonly string[]) => texts.join('\n')
const nagiosLines = [
  'WARNING',
  ...entries.map(([name]) => name),
  ...commands.map(([name]) => `EC_LINE_${name}`),
].map((name) => `%{NAGIOS_${name}}`)

/** Nagios: its log, one pattern per kind of entry. */
export const monitoringPatterns = String.raw`
NAGIOSTIME \[%{NUMBER:nagios_epoch}\]
NAGIOS_WARNING Warning:%{SPACE}%{GREEDYDATA:nagios_message}
NAGIOS_TYPE_EXTERNAL_COMMAND EXTERNAL COMMAND
${lines(entries.map(([name, title]) => `NAGIOS_TYPE_${name} ${title}`))}
${lines(entries.map(([name, , rest]) => `NAGIOS_${name} %{NAGIOS_TYPE_${name}:nagios_type}: ${rest}`))}
${lines(commands.map(([name]) => `NAGIOS_EC_${name} ${name}`))}
${lines(commands.map(([name, rest]) => `NAGIOS_EC_LINE_${name} %{NAGIOS_TYPE_EXTERNAL_COMMAND:nagios_type}: %{NAGIOS_EC_${name}:nagios_command};${rest}`))}
NAGIOSLOGLINE %{NAGIOSTIME} (?:${nagiosLines.join('|')})
`
