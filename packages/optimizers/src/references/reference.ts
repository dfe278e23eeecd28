/** A publication, as plain data. What is not known is left out. */
export interface Reference {
  /** `Family, Given`, in the order of the paper; a last `others` stands for more than are listed. */
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
