/** Fields of a tab-separated log, each reaching to the next tab. */
function tabbed(fields: string): string {
  return fields.replace(
    /(\w+)(?::(\w+))?( |$)/g,
    (_, name, kind = 'DATA', gap) => `%{${kind}:${name}}${gap === '' ? '' : '\\t'}`,
  )
}

const connection = 'ts:NUMBER uid:NOTSPACE orig_h:IP orig_p:INT resp_h:IP resp_p:INT'

/** Databases, mail, Java, Ruby, Bro and others. */
export const applicationPatterns = String.raw`
BRO_HTTP ${tabbed(`${connection} trans_depth:INT method domain uri referrer user_agent request_body_len:NUMBER response_body_len:NUMBER status_code status_msg info_code info_msg filename bro_tags username password proxied orig_fuids orig_mime_types resp_fuids resp_mime_types:GREEDYDATA`)}
BRO_DNS ${tabbed(`${connection} proto:WORD trans_id:INT query qclass qclass_name qtype qtype_name rcode rcode_name AA TC RD RA Z answers TTLs rejected:GREEDYDATA`)}
BRO_CONN ${tabbed(`${connection} proto:WORD service duration:NUMBER orig_bytes:NUMBER resp_bytes:NUMBER conn_state local_orig missed_bytes history orig_pkts orig_ip_bytes resp_pkts resp_ip_bytes tunnel_parents:GREEDYDATA`)}
BRO_FILES ${tabbed('ts:NUMBER fuid:NOTSPACE tx_hosts:IP rx_hosts:IP conn_uids:NOTSPACE source depth analyzers mime_type filename duration local_orig is_orig seen_bytes total_bytes missing_bytes overflow_bytes timedout parent_fuid md5 sha1 sha256 extracted:GREEDYDATA')}

EXIM_MSGID [0-9A-Za-z]{6}-[0-9A-Za-z]{6}-[0-9A-Za-z]{2}
EXIM_FLAGS <=|[-=>*]>|\*\*|==
EXIM_DATE %{YEAR:exim_year}-%{MONTHNUM:exim_month}-%{MONTHDAY:exim_day} %{TIME:exim_time}
EXIM_PID \[%{POSINT}\]
EXIM_QT (?:\d+y)?(?:\d+w)?(?:\d+d)?(?:\d+h)?(?:\d+m)?(?:\d+s)?
EXIM_EXCLUDE_TERMS Message is frozen|(?:Start|End) queue run| Warning: | retry time not reached | no (?:IP address|host name) found for (?:IP address|host) | unexpected disconnection while reading SMTP command | no immediate delivery: |another process is handling this message
EXIM_REMOTE_HOST H=(?:%{NOTSPACE:remote_hostname} )?(?:\(%{NOTSPACE:remote_heloname}\) )?\[%{IP:remote_host}\]
EXIM_INTERFACE I=\[%{IP:exim_interface}\]:%{NUMBER:exim_interface_port}
EXIM_PROTOCOL P=%{NOTSPACE:protocol}
EXIM_MSG_SIZE S=%{NUMBER:exim_msg_size}
EXIM_HEADER_ID id=%{NOTSPACE:exim_header_id}
EXIM_SUBJECT T=%{QS:exim_subject}

JAVACLASS (?:[a-zA-Z$_][a-zA-Z$_0-9]*\.)*[a-zA-Z$_][a-zA-Z$_0-9]*
JAVAFILE [A-Za-z0-9_. -]+
JAVAMETHOD <(?:cl)?init>|[a-zA-Z$_][a-zA-Z$_0-9]*
JAVASTACKTRACEPART %{SPACE}at %{JAVACLASS:class}\.%{JAVAMETHOD:method}\(%{JAVAFILE:file}(?::%{NUMBER:line})?\)
JAVATHREAD [A-Z]{2}-Processor\d+
JAVALOGMESSAGE .*
CATALINA_DATESTAMP %{MONTH} %{MONTHDAY}, 20%{YEAR} %{HOUR}:?%{MINUTE}:?%{SECOND} [AP]M
TOMCAT_DATESTAMP 20%{YEAR}-%{MONTHNUM}-%{MONTHDAY} %{HOUR}:?%{MINUTE}:?%{SECOND} %{ISO8601_TIMEZONE}
CATALINALOG %{CATALINA_DATESTAMP:timestamp} %{JAVACLASS:class} %{JAVALOGMESSAGE:logmessage}
TOMCATLOG %{TOMCAT_DATESTAMP:timestamp} \| %{LOGLEVEL:level} \| %{JAVACLASS:class} - %{JAVALOGMESSAGE:logmessage}

MCOLLECTIVE ., \[%{TIMESTAMP_ISO8601:timestamp} #%{POSINT:pid}\]%{SPACE}%{LOGLEVEL:event_level}
MCOLLECTIVEAUDIT %{TIMESTAMP_ISO8601:timestamp}:

MONGO_LOG %{SYSLOGTIMESTAMP:timestamp} \[%{WORD:component}\] %{GREEDYDATA:message}
MONGO_QUERY \{ .* \}
MONGO_WORDDASH \b[\w-]+\b
MONGO_SLOWQUERY %{WORD} %{MONGO_WORDDASH:database}\.%{MONGO_WORDDASH:collection} %{WORD}: %{MONGO_QUERY:query} %{WORD}:%{NONNEGINT:ntoreturn} %{WORD}:%{NONNEGINT:ntoskip} %{WORD}:%{NONNEGINT:nscanned}.*nreturned:%{NONNEGINT:nreturned}.+ %{POSINT:duration}ms
MONGO3_SEVERITY \w
MONGO3_COMPONENT %{WORD}|-
MONGO3_LOG %{TIMESTAMP_ISO8601:timestamp} %{MONGO3_SEVERITY:severity} %{MONGO3_COMPONENT:component}%{SPACE}(?:\[%{DATA:context}\])? %{GREEDYDATA:message}

MYSQL_ACCESS_FAIL %{TIMESTAMP_ISO8601:time} %{NUMBER} \[Note\] Access denied for user '%{DATA:user}'@'%{IPORHOST:source_ip}' \(using password: %{WORD:using_password}\)
POSTGRESQL %{DATESTAMP:timestamp} %{TZ} %{DATA:user_id} %{GREEDYDATA:connection_id} %{POSINT:pid}
REDISTIMESTAMP %{MONTHDAY} %{MONTH} %{TIME}
REDISLOG \[%{POSINT:pid}\] %{REDISTIMESTAMP:timestamp} \*
REDISMONLOG %{NUMBER:timestamp} \[%{INT:database} %{IP:client}:%{NUMBER:port}\] "%{WORD:command}"\s?%{GREEDYDATA:params}

RUBY_LOGLEVEL DEBUG|FATAL|ERROR|WARN|INFO
RUBY_LOGGER [DFEWI], \[%{TIMESTAMP_ISO8601:timestamp} #%{POSINT:pid}\] *%{RUBY_LOGLEVEL:loglevel} -- +%{DATA:progname}: %{GREEDYDATA:message}
RUUID [0-9a-fA-F]{16}[0-9a-fA-F]{16}
RCONTROLLER %{NOTSPACE:controller}#%{WORD:action}
RAILS3HEAD Started %{WORD:verb} "%{URIPATHPARAM:request}" for %{IPORHOST:clientip} at %{TIMESTAMP_ISO8601:timestamp}(?: %{ISO8601_TIMEZONE})?
RPROCESSING \W*Processing by %{RCONTROLLER} as %{NOTSPACE:format}(?:\W*Parameters: \{%{DATA:params}\}\W*)?
RAILS3PROFILE (?:\((?:Views: %{NUMBER:viewms}ms \| )?ActiveRecord: %{NUMBER:activerecordms}ms)?
RAILS3FOOT Completed %{NUMBER:response}%{DATA} in %{NUMBER:totalms}ms %{RAILS3PROFILE}%{GREEDYDATA}
RAILS3 (?s)%{RAILS3HEAD}(?:%{RPROCESSING})?(?:%{DATA:context}%{RAILS3FOOT})?
`
