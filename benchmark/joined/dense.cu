// A dense layer and a function of each of its numbers: one kernel forward, one back.
//
//     ACTIVATION(x)       the function
//     SLOPE(y)            its derivative where its value is y
//
// Both kernels leave the function out where "active" is 0.
//
// A block of TILE * TILE threads makes that many numbers of a product of matrices, one a thread. It
// goes along the sums in steps of DEPTH: it copies what all its threads need to shared memory.

#define TILE 16
#define DEPTH 64
#define LINE (DEPTH + 4)  // four numbers at a time are read from a line, and lines begin on other banks

// Fills a tile with get(line, place); ALONG: places, and else lines, lie side by side in memory.
template <bool ALONG, class Get> __device__ void fill(float *tile, Get get)
{
    for (int i = threadIdx.x; i < TILE * DEPTH; i += TILE * TILE) {
        int line = ALONG ? i / DEPTH : i % TILE, place = ALONG ? i % DEPTH : i / TILE;
        tile[line * LINE + place] = get(line, place);
    }
}

// Returns the sum over k < depth of left(line, k) * right(other, k), for the thread's line and other.
template <bool LEFT, bool RIGHT, class Left, class Right>
__device__ float product(float *tiles, int depth, Left left, Right right, float *sum_of_left)
{
    const float4 *a = (const float4 *)(tiles + threadIdx.x / TILE * LINE);
    const float4 *b = (const float4 *)(tiles + (TILE + threadIdx.x % TILE) * LINE);
    float sum = 0, of_left = 0;
    for (int from = 0; from < depth; from += DEPTH) {
        __syncthreads();
        fill<LEFT>(tiles, [=](int line, int k) { return from + k < depth ? left(line, from + k) : 0; });
        fill<RIGHT>(tiles + TILE * LINE,
                    [=](int line, int k) { return from + k < depth ? right(line, from + k) : 0; });
        __syncthreads();
#pragma unroll
        for (int k = 0; k < DEPTH / 4; k++) {
            float4 u = a[k], v = b[k];
            sum += u.x * v.x + u.y * v.y + u.z * v.z + u.w * v.w;
            of_left += u.x + u.y + u.z + u.w;
        }
    }
    *sum_of_left = of_left;
    return sum;
}

// x (N, inputs), weight (outputs, inputs), bias (outputs) -> y (N, outputs)
extern "C" __global__ void forward(const float *x, const float *weight, const float *bias, float *y,
                                   int examples, int inputs, int outputs, int active)
{
    __shared__ __align__(16) float tiles[2 * TILE * LINE];
    int across = (outputs + TILE - 1) / TILE;
    int first = blockIdx.x / across * TILE, column = blockIdx.x % across * TILE;
    float unused;
    float sum = product<true, true>(
        tiles, inputs,
        [=](int line, int k) { return first + line < examples ? x[(first + line) * inputs + k] : 0; },
        [=](int line, int k) {
            return column + line < outputs ? weight[(column + line) * inputs + k] : 0;
        },
        &unused);
    int row = first + threadIdx.x / TILE, at = column + threadIdx.x % TILE;
    if (row < examples && at < outputs) {
        float value = sum + bias[at];
        y[row * outputs + at] = active ? ACTIVATION(value) : value;
    }
}

// gradient, of y -> of_weight, of_bias; back, the gradient of x. The first blocks, as many as
// weight has tiles, make the weight's gradient; the others, if there are any, make back.
extern "C" __global__ void backward(const float *x, const float *weight, const float *y,
                                    const float *gradient, float *of_weight, float *of_bias,
                                    float *back, int examples, int inputs, int outputs, int active)
{
    __shared__ __align__(16) float tiles[2 * TILE * LINE];
    int across = (inputs + TILE - 1) / TILE, tiles_of_weight = across * ((outputs + TILE - 1) / TILE);
    bool goes_back = blockIdx.x >= tiles_of_weight;
    int tile = goes_back ? blockIdx.x - tiles_of_weight : blockIdx.x;
    int first = tile / across * TILE, column = tile % across * TILE;
    int row = first + threadIdx.x / TILE, at = column + threadIdx.x % TILE;
    auto error = [=](int example, int output) {
        int i = example * outputs + output;
        float value = active ? y[i] : 0;
        return active ? gradient[i] * SLOPE(value) : gradient[i];
    };
    float of_errors;
    if (goes_back) {
        float sum = product<true, false>(
            tiles, outputs,
            [=](int line, int k) { return first + line < examples ? error(first + line, k) : 0; },
            [=](int line, int k) {
                return column + line < inputs ? weight[k * inputs + column + line] : 0;
            },
            &of_errors);
        if (row < examples && at < inputs) back[row * inputs + at] = sum;
        return;
    }
    float sum = product<false, false>(
        tiles, examples,
        [=](int line, int k) { return first + line < outputs ? error(k, first + line) : 0; },
        [=](int line, int k) { return column + line < inputs ? x[k * inputs + column + line] : 0; },
        &of_errors);
    if (row < outputs && at < inputs) of_weight[row * inputs + at] = sum;
    if (row < outputs && at == 0) of_bias[row] = of_errors;
}
