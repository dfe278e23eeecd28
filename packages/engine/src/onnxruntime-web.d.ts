// `imports` in package.json says which entry of onnxruntime-web this is. That package declares its types
// under the names of its entries only, so they have none under this one; load.ts checks what it imports.
declare module '#onnxruntime-web' {
  export const InferenceSession: unknown;
  export const Tensor: unknown;
  export const env: unknown;
}
