/** How many hash slots a Redis Cluster has. */
export const SLOT_COUNT = 16_384;

/**
 * The hash slot of a key, from 0 to 16383: CRC16 (XMODEM) of its bytes modulo 16384. Where a key has a `{` and
 * behind it a `}` with something between, only what stands between the first `{` and the next `}` is hashed.
 * https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#key-distribution-model
 */
export function slotOf(key: string): number {
  let crc = 0;
  for (const byte of Buffer.from(hashed(key), 'utf8'))
    crc = ((crc << 8) & 0xff_ff) ^ (table[(crc >> 8) ^ byte] as number);
  return crc % SLOT_COUNT;
}

/** What of a key decides on its slot. */
function hashed(key: string): string {
  const open = key.indexOf('{');
  const close = open < 0 ? -1 : key.indexOf('}', open + 1);
  return close > open + 1 ? key.slice(open + 1, close) : key;
}

/** CRC16 of each byte: polynomial 0x1021, begun with 0, nothing reflected. */
const table = Uint16Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 8;
  for (let bit = 0; bit < 8; bit++) crc = crc & 0x80_00 ? ((crc << 1) ^ 0x10_21) & 0xff_ff : crc << 1;
  return crc;
});
