import type { Measurer } from '../model/measurer.ts';
import { InputError } from '../model/problem.ts';
import type { PythonHost } from '../model/pythonHost.ts';

/** A measurer that gives models our engine cannot run to the user's Python. */
export function withPython(measurer: Measurer, python: PythonHost | undefined): Measurer {
  return {
    measure: (request, signal, onProgress) => {
      const ours = request.spec.executable && request.plan.backend !== 'python';
      if (ours) return measurer.measure(request, signal, onProgress);
      if (python === undefined)
        return Promise.reject(
          new InputError({ message: `${request.spec.framework} runs only in your own interpreter.` }),
        );
      return python.measure(request, signal, onProgress);
    },
  };
}
