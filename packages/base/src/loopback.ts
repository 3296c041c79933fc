/** Whether a host, with or without a port, is this machine: 127.0.0.0/8, [::1], `localhost` and the names below it (RFC 6761). */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '');
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '[::1]' ||
    /^127(?:\.\d{1,3}){3}$/.test(name)
  );
}
