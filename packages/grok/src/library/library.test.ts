import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { createTextDict } from '@tocsin/model'
import { PatternLibrary } from '../index.ts'

const library = PatternLibrary.base()

function find(name: string, text: string): string | undefined {
  const dict = createTextDict()
  return library.compile(`%{${name}:found}`).match(text, dict) ? dict.found : undefined
}

/** By pattern, texts and what is found in them: all of it, a part, or nothing (undefined). */
const all = true
const rows: Record<string, Record<string, string | undefined | typeof all>> = {
  DATA: { 'a b': '', '': all },
  GREEDYDATA: { 'a "b" c': all, 'a\nb': 'a', '': all },
  NOTSPACE: { ' a-b c': 'a-b', '\u00a0': all, '\t\n': undefined },
  SPACE: { ' \t\n': all, 'x ': '' },
  NOTDQUOTE: { 'a\nb"c': 'a\nb', '"': '' },
  WORD: { ' ab_1-': 'ab_1', é: undefined },
  INT: { '+12': all, '-7': all, 'a5.5': '5', x: undefined },
  BASE10NUM: { '-1.50': all, '.5': all, '1.': '1', '+.5x': '+.5' },
  NUMBER: { '3.14.15': '3.14', a: undefined },
  BASE16NUM: { '0xDEADbeef': all, '-ff': all, xyz: undefined },
  BASE16FLOAT: { '0x1.8': all, zz: undefined },
  POSINT: { '10': all, '012': undefined, '0': undefined, a1: undefined },
  NONNEGINT: { '007': all, a1: undefined },
  USERNAME: { 'jo.do_e-1': all, 'a@b': 'a', é: undefined },
  USER: { root: all },
  EMAILLOCALPART: { 'a.b+c=d:e<f@': 'a.b+c=d:e<f', '@': undefined },
  EMAILADDRESS: { 'jo+x@mail.example.org': all, 'jo@': undefined, '@example.org': undefined },
  HTTPDUSER: { 'jo@example.org': all, jo: all, '-': all },
  HOSTNAME: {
    'www.example.org.': all,
    '-a.b': 'a.b',
    a_b: 'a',
    [`${'a'.repeat(63)}.org`]: all,
    [`${'a'.repeat(64)}.org`]: 'a'.repeat(63),
  },
  IPORHOST: { '192.0.2.1': all, 'example.org': all, '2001:db8::1': all, '!': undefined },
  SYSLOGHOST: { web1: all },
  MAC: {
    '0011.2233.4455': all,
    '00-11-22-33-44-55': all,
    '00:11:22:aa:BB:55': all,
    '00:11:22': undefined,
  },
  UNIXPATH: { '/a/b\\ c/d.txt?': '/a/b\\ c/d.txt', '/': all, a: undefined },
  WINPATH: { 'C:\\Users\\jo': all, '\\\\share\\x*': '\\\\share\\x', 'C:': undefined },
  PATH: { '/a': all, 'D:\\b': all },
  TTY: { '/dev/pts/0': all, '/dev/ttyS0': all, '/dev/sda': undefined },
  URIPROTO: { 'svn+ssh': all, '1': undefined },
  URIHOST: { 'example.org:8080': all, 'example.org:0': 'example.org' },
  URIPATH: { '/a/b;c=d?e': '/a/b;c=d', a: undefined },
  URIPARAM: { '?a=[1]&b|c"': '?a=[1]&b|c', a: undefined },
  URIPATHPARAM: { '/a?b=c d': '/a?b=c', '/a': all },
  URI: { 'https://jo:x@example.org:8443/a?b': all, 'ftp://': all, 'a/b': undefined },
  MONTH: {
    January: all,
    Jan: all,
    Mär: all,
    März: all,
    Mai: all,
    Okt: all,
    Oktober: all,
    Dez: all,
    Decembers: undefined,
    Jux: undefined,
  },
  MONTHNUM: { '9': all, '09': all, '12': '1', '0': undefined },
  MONTHNUM2: { '12': all, '09': all, '9': undefined, '13': undefined },
  MONTHDAY: { '01': all, '31': all, '7': all, '32': '3', '00': undefined },
  DAY: { Mon: all, Wednesday: all, Monat: 'Mon', mon: undefined },
  YEAR: { '2026': all, '26': all, '202': '20', '2': undefined },
  HOUR: { '23': all, '09': all, '7': all, '24': '2' },
  MINUTE: { '59': all, '60': undefined, '5': undefined },
  SECOND: { '59.123': all, '5': all, '30:5': all, '60': '6', x: undefined },
  TIME: { '23:59:60': '23:59:6', '1:02:03,5': all, '1:2:3': undefined },
  DATE_US: { '3/12/26': all, '12-3-2026': '12-3-2026', '3.12.26': undefined },
  DATE_EU: { '12.3.2026': all, '31/12/26': all },
  DATE_X: { '2026/03/12': all, '2026/3/12': undefined },
  DATE: { '2026/03/12': all, '12.3.2026': all, x: undefined },
  DATESTAMP: { '12.3.2026-10:11:12': all, '3/12/26 1:02:03': all, '12.3.2026T10:11:12': undefined },
  ISO8601_TIMEZONE: { Z: all, '+02:00': all, '-0930': all, '+02': undefined },
  TIMESTAMP_ISO8601: {
    '2026-03-12T06:56:28.088Z': all,
    '2026-03-12 06:56:28,088+01:00': all,
    '2026-03-12 0656': all,
    '2026-03-12': undefined,
  },
  TZ: { CET: all, cet: undefined },
  RFC3339: { '2026-03-12T06:56:28+01:00': all, '2026-03-12T06:56:28': undefined },
  RFC3339NANO: { '2026-03-12T06:56:28.123456789Z': all, '2026-03-12T06:56:28Z': undefined },
  SYSLOGTIMESTAMP: { 'Mar  2 06:56:28': all, 'Mar 12 06:56:28': all, '12 Mar 06:56:28': undefined },
  HTTPDATE: { '12/Mar/2026:06:56:28 +0000': all, '12/03/2026:06:56:28 +0000': undefined },
  HTTPDERROR_DATE: { 'Sun Mar 03 10:11:12.123456 2024': all, 'Mar 03 10:11:12 2024': undefined },
  APACHEERRORTIME: { 'Sun Mar 03 10:11:12 2024': all },
  NGINXERRTIME: { '2026/03/12 06:56:28': all, '2026/3/12 06:56:28': undefined },
  DAY2: { '05': all, '5': undefined },
  ANSIC: { 'Mon Jan  2 15:04:05 2006': all },
  UNIXDATE: { 'Mon Jan  2 15:04:05 MST 2006': all },
  RUBYDATE: { 'Mon Jan 02 15:04:05 -0700 2006': all },
  RFC822Z: { '02 Jan 06 15:04 -0700': all },
  RFC850: { 'Monday, 02-Jan-06 15:04:05 MST': all },
  RFC1123: { 'Mon, 02 Jan 2006 15:04:05 MST': all },
  RFC1123Z: { 'Mon, 02 Jan 2006 15:04:05 -0700': all },
  KITCHEN: { '3:04PM': all, '3:04': undefined },
  DATESTAMP_EVENTLOG: { '20260312065628': all },
  LOGLEVEL: {
    warning: all,
    Warn: all,
    ERROR: all,
    err: all,
    er: all,
    crit: all,
    cri: all,
    EMERGENCY: all,
    Severe: all,
    wARN: undefined,
  },
  PROG: { 'a/b(c)[1]': 'a/b(c)', '[]': undefined },
  SYSLOGPROG: { 'sshd[12]': all, 'sshd[0]': 'sshd' },
  SYSLOGFACILITY: { '<3.5>': all, '<3-5>': all, '<3>': undefined },
  NGUSER: { 'jo.d@x-+_%': all, jo1: 'jo', '1': undefined },
  QUOTEDSTRING: { '"a\\"b"': all, "'a'": all, '"a': undefined },
  UUID: { '123e4567-e89b-12d3-a456-426614174000': all, '123e4567': undefined },
}

suite('library', () => {
  for (const [name, texts] of Object.entries(rows)) {
    for (const [text, expected] of Object.entries(texts)) {
      test(`${name} in ${JSON.stringify(text)}`, () => {
        assert.equal(find(name, text), expected === all ? text : expected)
      })
    }
  }
})

/** By pattern, a line and what is captured; what is empty is left out. */
const lines: readonly (readonly [name: string, line: string, captures: Record<string, string>])[] =
  [
    [
      'COMMONAPACHELOG',
      '192.0.2.7 - jo [12/Mar/2026:06:56:28 +0100] "GET /a?b HTTP/1.1" 404 -',
      {
        clientip: '192.0.2.7',
        ident: '-',
        auth: 'jo',
        timestamp: '12/Mar/2026:06:56:28 +0100',
        verb: 'GET',
        request: '/a?b',
        httpversion: '1.1',
        response: '404',
      },
    ],
    [
      'COMMONAPACHELOG',
      '192.0.2.7 - - [12/Mar/2026:06:56:28 +0100] "\\x16\\x03" 400 226',
      {
        clientip: '192.0.2.7',
        ident: '-',
        auth: '-',
        timestamp: '12/Mar/2026:06:56:28 +0100',
        rawrequest: '\\x16\\x03',
        response: '400',
        bytes: '226',
      },
    ],
    [
      'HTTPD_ERRORLOG',
      '[Sun Mar 03 10:11:12 2024] [error] [client 192.0.2.7] File does not exist: /x',
      // Both forms have these, and of equal names the last in the text wins.
      { timestamp: '', loglevel: '', clientip: '192.0.2.7', errormsg: 'File does not exist: /x' },
    ],
    [
      'HTTPD_ERRORLOG',
      '[Sun Mar 03 10:11:12.123456 2024] [core:error] [pid 12:tid 34] (13)Permission denied: [client 192.0.2.7:5000] AH00035: access denied',
      {
        timestamp: 'Sun Mar 03 10:11:12.123456 2024',
        module: 'core',
        loglevel: 'error',
        pid: '12',
        tid: '34',
        proxy_errorcode: '13',
        proxy_errormessage: 'Permission denied',
        client: '192.0.2.7',
        clientport: '5000',
        errorcode: 'AH00035',
        message: 'access denied',
      },
    ],
    [
      'SYSLOGLINE',
      'Mar 12 06:56:28 web1 sshd[12]: hello',
      {
        timestamp: 'Mar 12 06:56:28',
        logsource: 'web1',
        program: 'sshd',
        pid: '12',
        message: 'hello',
      },
    ],
    [
      'SYSLOGLINE',
      '2026-03-12T06:56:28+01:00 <3.5> 192.0.2.7 no program',
      {
        timestamp8601: '2026-03-12T06:56:28+01:00',
        facility: '3',
        priority: '5',
        logsource: '192.0.2.7',
        message: 'no program',
      },
    ],
    [
      'NAXSI_EXLOG',
      'NAXSI_EXLOG: ip=192.0.2.7&server=example.org&uri=/a&id=1000&zone=ARGS&var_name=q&content=x',
      {
        naxsi_src_ip: '192.0.2.7',
        naxsi_dst_ip: 'example.org',
        http_path: '/a',
        naxsi_id: '1000',
        naxsi_zone: 'ARGS',
        naxsi_var_name: 'q',
      },
    ],
    [
      'SSHD_FAIL',
      'Failed password for root from 192.0.2.7 port 4242 ssh2',
      {
        sshd_auth_type: 'password',
        sshd_invalid_user: 'root',
        sshd_client_ip: '192.0.2.7',
        sshd_port: '4242',
        sshd_protocol: 'ssh2',
      },
    ],
    [
      'SSHD_USER_FAIL',
      'Failed password for invalid user jo from 2001:db8::7 port 4242 ssh2',
      {
        sshd_invalid_user: 'jo',
        sshd_client_ip: '2001:db8::7',
        sshd_port: '4242',
        sshd_protocol: 'ssh2',
      },
    ],
    [
      'SSHD_DISC_PREAUTH',
      'Disconnected from 192.0.2.7 port 4242 [preauth]',
      { sshd_client_ip: '192.0.2.7', sshd_port: '4242', sshd_privsep: 'preauth' },
    ],
    [
      'SSHD_BAD_VERSION',
      "Bad protocol version identification 'GET / HTTP/1.1' from 192.0.2.7 port 1",
      { sshd_client_ip: '192.0.2.7' },
    ],
    [
      'COWRIE_NEW_CO',
      'New connection: 192.0.2.7:4242 (192.0.2.1:2223) [session: 3e5a]',
      { source_ip: '192.0.2.7', dest_ip: '192.0.2.1', dest_port: '2223', telnet_session: '3e5a' },
    ],
    [
      'SMB_AUTH_FAIL',
      'Auth: [SMB2,(null)] user [WG]\\[jo] at [x] with [NTLMv2] status [NT_STATUS_NO_SUCH_USER] workstation [] remote host [ipv4:192.0.2.7:62419]',
      { smb_domain: 'WG', user: 'jo', ip_source: '192.0.2.7' },
    ],
    [
      'TCPDUMP_OUTPUT',
      '11:29:42.55 IP 192.0.2.7.43436 > 192.0.2.1.22: Flags [S.], seq 2398030442, win 64240',
      {
        timestamp: '11:29:42.55',
        source_ip: '192.0.2.7',
        source_port: '43436',
        dest_ip: '192.0.2.1',
        dest_port: '22',
        tcpflags: 'S.',
      },
    ],
    [
      'HAPROXYDATE',
      '14/Jan/2015:12:48:57.127',
      {
        haproxy_monthday: '14',
        haproxy_month: 'Jan',
        haproxy_year: '2015',
        haproxy_time: '12:48:57.1',
        haproxy_hour: '12',
        haproxy_minute: '48',
        haproxy_second: '57.1',
        haproxy_milliseconds: '7',
      },
    ],
    [
      'EXIM_DATE',
      '2023-04-24 21:53:37.311',
      { exim_year: '2023', exim_month: '04', exim_day: '24', exim_time: '21:53:37.311' },
    ],
    ['HAPROXYCAPTUREDREQUESTHEADERS', 'x', {}],
    [
      'SYSLOG5424LINE',
      '<34>1 2026-03-12T06:56:28Z host app 12 ID47 [a b="c"] text',
      {
        syslog5424_pri: '34',
        syslog5424_ver: '1',
        syslog5424_ts: '2026-03-12T06:56:28Z',
        syslog5424_host: 'host',
        syslog5424_app: 'app',
        syslog5424_proc: '12',
        syslog5424_msgid: 'ID47',
        syslog5424_sd: '[a b="c"]',
        syslog5424_msg: 'text',
      },
    ],
    [
      'CISCOFW106023',
      'Deny tcp src outside:192.0.2.7/4242 dst inside:10.0.0.1/22 by access-group "acl" [0x0, 0x0]',
      {
        action: 'Deny',
        protocol: 'tcp',
        src_interface: 'outside',
        src_ip: '192.0.2.7',
        src_port: '4242',
        dst_interface: 'inside',
        dst_ip: '10.0.0.1',
        dst_port: '22',
        policy_id: 'acl',
        hashcode1: '0x0',
        hashcode2: '0x0',
      },
    ],
    [
      'NAGIOS_SERVICE_ALERT',
      'SERVICE ALERT: web1;Swap;WARNING;HARD;3;SWAP WARNING',
      {
        nagios_type: 'SERVICE ALERT',
        nagios_hostname: 'web1',
        nagios_service: 'Swap',
        nagios_state: 'WARNING',
        nagios_statelevel: 'HARD',
        nagios_attempt: '3',
        nagios_message: 'SWAP WARNING',
      },
    ],
    [
      'REDISMONLOG',
      '1470637925.186681 [0 192.0.2.7:39404] "my_cmd" "a"',
      {
        timestamp: '1470637925.186681',
        database: '0',
        client: '192.0.2.7',
        port: '39404',
        command: 'my_cmd',
        params: '"a"',
      },
    ],
    [
      'S3_ACCESS_LOG',
      'abc bucket [12/Mar/2026:06:56:28 +0000] 192.0.2.7 - 3E57 REST.GET key "GET /k HTTP/1.1" 200 - 113 - 7 - "-" "S3Console" -',
      {
        owner: 'abc',
        bucket: 'bucket',
        timestamp: '12/Mar/2026:06:56:28 +0000',
        clientip: '192.0.2.7',
        requester: '-',
        request_id: '3E57',
        operation: 'REST.GET',
        key: 'key',
        verb: 'GET',
        request: '/k',
        httpversion: '1.1',
        response: '200',
        bytes: '113',
        request_time_ms: '7',
        referrer: '"-"',
        agent: '"S3Console"',
      },
    ],
  ]

suite('library lines', () => {
  for (const [name, line, expected] of lines) {
    test(`${name} takes ${line.slice(0, 40)} apart`, () => {
      const dict = createTextDict()
      assert.equal(library.compile(`%{${name}}`).match(line, dict), true)
      for (const [key, value] of Object.entries(expected)) assert.equal(dict[key], value, key)
      for (const key in dict) assert.equal(dict[key], expected[key] ?? '', key)
    })
  }
})
