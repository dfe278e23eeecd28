// A TypeDoc plugin: a destructured argument has no name of its own; it gets the name `options`, which it
// always is.
import { Converter, ParameterReflection } from 'typedoc';

export function load({ converter }) {
  converter.on(Converter.EVENT_RESOLVE_END, ({ project }) => {
    for (const reflection of Object.values(project.reflections))
      if (reflection instanceof ParameterReflection && reflection.name === '__namedParameters')
        reflection.name = 'options';
  });
}
