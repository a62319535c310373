/** Milliseconds that this process has computed so far: what else keeps the machine busy does not count. */
export function computed(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
