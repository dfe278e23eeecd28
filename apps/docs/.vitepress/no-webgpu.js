// Stands for onnxruntime-web's part for WebGPU, which the site does not use.
export default {};
