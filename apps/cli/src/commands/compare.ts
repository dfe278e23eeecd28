import type { Command } from '../command.js';
export const command: Command = { name: 'compare', about: '', usage: '', flags: {}, examples: [], run: async () => 0 };
