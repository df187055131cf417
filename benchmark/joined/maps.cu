// A convolution, a function of each of its numbers, and a pooling over 2x2: one kernel forward, one
// back. Each block of threads has a picture in its shared memory at a time. gpu_layers.py compiles
// this for the sizes of a layer:
//
//     IN, OUT             channels before and after
//     HEIGHT, WIDTH       of a picture, both even
//     KERNEL, PADDING     of the convolution; its maps have as even a height and width
//     TOGETHER, BACK      maps that a thread makes at once, forward and back
//     THREADS             of a block that goes back: OUT * IN * SHARES at least
//     SHARES              into so many parts go the rows of a map, where weights get their gradient
//     ACTIVATION(x)       the function
//     SLOPE(y)            its derivative where its value is y
//     LARGEST             1: the pooling takes the largest of the four; 0: their mean
//
// Shared memory has 32 banks: lines of an odd length keep threads that read a column out of each
// other's way. All sums are made in a fixed order, so equal runs give equal numbers.

#define ROWS (HEIGHT + 2 * PADDING - KERNEL + 1)
#define COLUMNS (WIDTH + 2 * PADDING - KERNEL + 1)
#define PLACES (ROWS / 2 * (COLUMNS / 2))
#define SPAN (KERNEL * KERNEL)
#define LINES (HEIGHT + 2 * PADDING)
#define LINE ((WIDTH + 2 * PADDING) | 1)
#define FRAME (KERNEL - 1 - PADDING)
#define ERROR_LINES (ROWS + 2 * FRAME)
#define ERROR_LINE ((COLUMNS + 2 * FRAME) | 1)
#define ERRORS (OUT * ERROR_LINES * ERROR_LINE)
#define SUMS (THREADS * (SPAN + 1))
#define LARGER(a, b) ((b) > (a) || (b) != (b) ? (b) : (a))  // what is no number stays
#define EACH(i, count) for (int i = threadIdx.x; i < (count); i += blockDim.x)

__device__ void read_picture(float *pixels, const float *picture)
{
    EACH(i, IN * HEIGHT * WIDTH) {
        int line = i / WIDTH % HEIGHT + PADDING + i / (HEIGHT * WIDTH) * LINES;
        pixels[line * LINE + i % WIDTH + PADDING] = picture[i];
    }
}

// Adds to the sums of 2x2 places in COUNT maps what one map gives them: the windows that begin at
// from, in lines of LENGTH, by the weights (KERNEL, KERNEL, ALL) of which with are the first COUNT.
template <int COUNT, int ALL, int LENGTH>
__device__ __forceinline__ void add_windows(const float *from, const float *with, float (*sum)[4])
{
    float seen[KERNEL + 1][KERNEL + 1];
#pragma unroll
    for (int i = 0; i <= KERNEL; i++)
#pragma unroll
        for (int j = 0; j <= KERNEL; j++) seen[i][j] = from[i * LENGTH + j];
#pragma unroll
    for (int i = 0; i < KERNEL; i++)
#pragma unroll
        for (int j = 0; j < KERNEL; j++)
#pragma unroll
            for (int map = 0; map < COUNT; map++) {
                float w = with[(i * KERNEL + j) * ALL + map];
                sum[map][0] += w * seen[i][j];
                sum[map][1] += w * seen[i][j + 1];
                sum[map][2] += w * seen[i + 1][j];
                sum[map][3] += w * seen[i + 1][j + 1];
            }
}

// x (N, IN, HEIGHT, WIDTH), weight (OUT, IN, KERNEL, KERNEL), bias (OUT)
// -> maps (N, OUT, ROWS, COLUMNS), before the pooling, if keep; pooled, half as high and wide
extern "C" __global__ void forward(const float *x, const float *weight, const float *bias,
                                   float *maps, float *pooled, int examples, int keep)
{
    __shared__ float pixels[IN * LINES * LINE];
    __shared__ __align__(16) float weights[IN * SPAN * OUT];
    EACH(i, IN * LINES * LINE) pixels[i] = 0;
    EACH(i, IN * SPAN * OUT) weights[i] = weight[i % OUT * (IN * SPAN) + i / OUT];
    for (int example = blockIdx.x; example < examples; example += gridDim.x) {
        __syncthreads();
        read_picture(pixels, x + example * (IN * HEIGHT * WIDTH));
        __syncthreads();
        EACH(job, PLACES * (OUT / TOGETHER)) {
            int place = job % PLACES, first = job / PLACES * TOGETHER;
            int row = place / (COLUMNS / 2) * 2, column = place % (COLUMNS / 2) * 2;
            float sum[TOGETHER][4];
#pragma unroll
            for (int map = 0; map < TOGETHER; map++)
                for (int i = 0; i < 4; i++) sum[map][i] = bias[first + map];
            for (int channel = 0; channel < IN; channel++) {
                const float *from = pixels + (channel * LINES + row) * LINE + column;
                const float *with = weights + channel * SPAN * OUT + first;
                add_windows<TOGETHER, OUT, LINE>(from, with, sum);
            }
#pragma unroll
            for (int map = 0; map < TOGETHER; map++) {
                float a = ACTIVATION(sum[map][0]), b = ACTIVATION(sum[map][1]);
                float c = ACTIVATION(sum[map][2]), d = ACTIVATION(sum[map][3]);
                int to = example * OUT + first + map;
                if (keep) {
                    float *at = maps + (to * ROWS + row) * COLUMNS + column;
                    at[0] = a, at[1] = b, at[COLUMNS] = c, at[COLUMNS + 1] = d;
                }
                float most = LARGER(LARGER(LARGER(a, b), c), d);
                pooled[to * PLACES + place] = LARGEST ? most : (a + b + c + d) * 0.25f;
            }
        }
    }
}

// gradient, of pooled -> parts (blocks, OUT * IN * SPAN + OUT), whose sum over the blocks is the
// gradient of weight and then of bias; back, the gradient of x, if goes_back
extern "C" __global__ void backward(const float *x, const float *weight, const float *maps,
                                    const float *gradient, float *parts, float *back,
                                    int examples, int goes_back)
{
    __shared__ float pixels[IN * LINES * LINE];
    __shared__ __align__(16) float turned[OUT * SPAN * IN];
    __shared__ float errors[ERRORS > SUMS ? ERRORS : SUMS];  // in the end, sums
    EACH(i, IN * LINES * LINE) pixels[i] = 0;
    EACH(i, ERRORS) errors[i] = 0;
    EACH(i, OUT * SPAN * IN) {
        int map = i / (SPAN * IN), at = i / IN % SPAN, channel = i % IN;
        turned[i] = weight[(map * IN + channel) * SPAN + SPAN - 1 - at];
    }
    // Weights: a thread has one map, one channel, and a share of the rows.
    int share = threadIdx.x % SHARES, pair = threadIdx.x / SHARES;
    int map_of = pair / IN, channel_of = pair % IN;
    float sum[KERNEL][KERNEL] = {}, sum_of_errors = 0;
    for (int example = blockIdx.x; example < examples; example += gridDim.x) {
        __syncthreads();
        read_picture(pixels, x + example * (IN * HEIGHT * WIDTH));
        EACH(i, OUT * PLACES) {
            int map = i / PLACES, row = i % PLACES / (COLUMNS / 2) * 2, column = i % (COLUMNS / 2) * 2;
            const float *at = maps + ((example * OUT + map) * ROWS + row) * COLUMNS + column;
            float a = at[0], b = at[1], c = at[COLUMNS], d = at[COLUMNS + 1];
            float g = gradient[example * OUT * PLACES + i];
            float *to = errors + (map * ERROR_LINES + row + FRAME) * ERROR_LINE + column + FRAME;
            if (LARGEST) {  // the first of those that are the largest
                int which = a >= b && a >= c && a >= d ? 0 : b >= c && b >= d ? 1 : c >= d ? 2 : 3;
                to[0] = which == 0 ? g * SLOPE(a) : 0;
                to[1] = which == 1 ? g * SLOPE(b) : 0;
                to[ERROR_LINE] = which == 2 ? g * SLOPE(c) : 0;
                to[ERROR_LINE + 1] = which == 3 ? g * SLOPE(d) : 0;
            } else {
                g *= 0.25f;
                to[0] = g * SLOPE(a);
                to[1] = g * SLOPE(b);
                to[ERROR_LINE] = g * SLOPE(c);
                to[ERROR_LINE + 1] = g * SLOPE(d);
            }
        }
        __syncthreads();
        for (int row = share; row < ROWS && pair < OUT * IN; row += SHARES) {
            const float *from = pixels + (channel_of * LINES + row) * LINE;
            const float *wrong = errors + (map_of * ERROR_LINES + row + FRAME) * ERROR_LINE + FRAME;
#pragma unroll
            for (int column = 0; column < COLUMNS; column++) {
                float error = wrong[column];
                sum_of_errors += error;
#pragma unroll
                for (int i = 0; i < KERNEL; i++)
#pragma unroll
                    for (int j = 0; j < KERNEL; j++)
                        sum[i][j] += error * from[i * LINE + column + j];
            }
        }
        if (!goes_back) continue;
        EACH(job, HEIGHT * WIDTH / 4 * (IN / BACK)) {
            int place = job % (HEIGHT * WIDTH / 4), first = job / (HEIGHT * WIDTH / 4) * BACK;
            int row = place / (WIDTH / 2) * 2, column = place % (WIDTH / 2) * 2;
            float made[BACK][4] = {};
            for (int map = 0; map < OUT; map++) {
                const float *from = errors + (map * ERROR_LINES + row) * ERROR_LINE + column;
                const float *with = turned + map * SPAN * IN + first;
                add_windows<BACK, IN, ERROR_LINE>(from, with, made);
            }
#pragma unroll
            for (int channel = 0; channel < BACK; channel++) {
                float *to = back + ((example * IN + first + channel) * HEIGHT + row) * WIDTH + column;
                to[0] = made[channel][0], to[1] = made[channel][1];
                to[WIDTH] = made[channel][2], to[WIDTH + 1] = made[channel][3];
            }
        }
    }
    __syncthreads();
    if (pair < OUT * IN)
        for (int i = 0; i <= SPAN; i++)
            errors[threadIdx.x * (SPAN + 1) + i] = i < SPAN ? sum[i / KERNEL][i % KERNEL] : sum_of_errors;
    __syncthreads();
    float *part = parts + blockIdx.x * (OUT * IN * SPAN + OUT);
    EACH(i, OUT * IN * SPAN + OUT) {
        int which = i < OUT * IN * SPAN ? i / SPAN : (i - OUT * IN * SPAN) * IN;
        int at = i < OUT * IN * SPAN ? i % SPAN : SPAN;
        float all = 0;
        for (int s = 0; s < SHARES; s++) all += errors[(which * SHARES + s) * (SPAN + 1) + at];
        part[i] = all;
    }
}
