/** Tells whether the API runs on the reader's own machine. */

/** @param hostname of a URL, with brackets around an IPv6 address */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)
}
