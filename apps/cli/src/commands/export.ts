import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exportGenerator, exportedFiles } from '@stillpoint/gans';
import { InputError } from '@stillpoint/operators';
import { fileAt, makeFolders, writeWhole } from '@stillpoint/tracking/files';
import { print, type Command } from '../command.js';
import { openPoint, pointFlag, pointFlags, pointIn } from '../runs/point.js';

export const command: Command = {
  name: 'export',
  about:
    'Writes the generator of a run as ONNX, its weights as safetensors and, if it was made of a tf.LayersModel, that model with its weights; a README beside them says how to run each.',
  usage: '<run>',
  flags: {
    out: { value: 'folder', about: 'where; it must be new or empty; default: export in the run directory' },
    point: pointFlag,
    seed: { value: 'n', about: 'of the batches on which batch norm’s moments are measured; default 0' },
    ...pointFlags,
  },
  examples: [
    'stillpoint export run --out generator',
    'stillpoint export run --at best --point last --out generator',
  ],
  async run(args) {
    const seed = args.whole('seed', 0, 2 ** 32 - 1) ?? 0;
    const opened = await openPoint('export', args);
    const { trained, run } = opened;
    try {
      const { gan } = trained;
      if (gan === undefined)
        throw new InputError(`${run.path} trains ${trained.problem.name}, which has no generator`);
      const out = args.text('out') ?? join(run.path, 'export');
      const there = out === '' ? undefined : fileAt(`--out ${out}`, out);
      if (out === '' || (there && (!there.isDirectory() || readdirSync(out).length > 0)))
        throw new InputError(
          there?.isDirectory()
            ? `--out ${out} has files in it; expected a folder that is new or empty`
            : `--out "${out}"; expected the path of a folder that is new or empty`,
        );
      const z = pointIn(opened, args.text('point'));
      const made = await exportGenerator(gan, Float32Array.from(z), { seed });
      const files = Object.entries(exportedFiles(made)).map(
        ([name, content]) => [join(out, name), content] as const,
      );
      for (const folder of new Set(files.map(([path]) => dirname(path)))) makeFolders(folder);
      writeWhole(Object.fromEntries(files));
      const { layersModel } = made;
      print(
        [
          ...files.map(([path]) => path),
          ...('reason' in layersModel ? [`No layers model: ${layersModel.reason}.`] : []),
        ].join('\n'),
      );
      return 0;
    } finally {
      await trained.dispose();
    }
  },
};
