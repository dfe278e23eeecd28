import { ring } from '@stillpoint/datasets';

/** The eight Gaussians that the GAN learns. */
export const mixture = ring();
