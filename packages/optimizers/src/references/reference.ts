/** A publication, as plain data. Members that are not known are absent. */
export interface Reference {
  /**
   * `Family, Given`, in the order of the paper; `others` as the last one stands for authors that are not
   * listed.
   */
  readonly authors: readonly string[];
  readonly title: string;
  readonly year: number;
  readonly venue?: {
    readonly kind: 'journal' | 'proceedings' | 'publisher' | 'software';
    readonly name: string;
  };
  /** The number at arXiv: `2310.13459`. */
  readonly arxiv?: string;
  readonly doi?: string;
  readonly url?: string;
}
