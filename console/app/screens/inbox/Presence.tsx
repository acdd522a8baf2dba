/** Online, Away, Offline, with capacity: shown in the top bar of every screen. */
export default function Presence() {
  return null
}
