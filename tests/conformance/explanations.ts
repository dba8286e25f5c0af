const geoip =
  'The case asserts what a commercial GeoIP database says of an address; it is not to be had here.'

/** Why a test case of the hub cannot pass; every other failure is ours. */
export const explanations: Readonly<Record<string, string>> = {
  'magento-ccs-by-as': geoip,
  'magento-ccs-by-country': geoip,
  'geoip-enrich': geoip,
  'sftpgo-impossible-travel': geoip,
  'sshd-impossible-travel': geoip,
  'sshd-impossible-travel-user': geoip,
  'sftpgo-impossible-travel-user': geoip,
  'postfix-honeypot-users':
    'The file numbers its results by ascending address; they are sorted descending, so only the one in the middle is where it says. Its lines have the form `"…" in results[n]…`, which the peer does not check.',
}
