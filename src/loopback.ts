/** True if a URL's `hostname` is this machine: `localhost`, 127.0.0.0/8 or `[::1]`, as WHATWG URL spells them. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname)
}
