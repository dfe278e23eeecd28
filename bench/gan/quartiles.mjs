/** First quartile, median and third quartile, each between the two values next to it. */
export function quartiles(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return [1, 2, 3].map((quarter) => {
    const place = ((sorted.length - 1) * quarter) / 4;
    const [below, above] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
    return below + (above - below) * (place - Math.floor(place));
  });
}
