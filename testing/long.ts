/**
 * Whether tests run at their full length: `npm run test:long`. Otherwise a test whose length is the number of
 * steps makes the shorter number of these.
 */
export const long: boolean = process.env['STILLPOINT_LONG'] === '1';
export const steps = (short: number, whole: number): number => (long ? whole : short);
