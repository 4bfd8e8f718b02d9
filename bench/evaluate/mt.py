"""std::mt19937_64 and its draws, so that resamples here equal the product's."""
import functools


class Mt19937_64:
    """Matsumoto and Nishimura's generator as the C++ standard seeds it."""
    N, M, MASK = 312, 156, (1 << 64) - 1

    def __init__(self, seed):
        state = [seed & self.MASK]
        for i in range(1, self.N):
            state.append((6364136223846793005 * (state[-1] ^ (state[-1] >> 62)) + i) & self.MASK)
        self._state, self._at = state, self.N

    def _turn(self):
        s, upper, lower = self._state, 0xFFFFFFFF80000000, 0x7FFFFFFF
        for i in range(self.N):
            x = (s[i] & upper) | (s[(i + 1) % self.N] & lower)
            s[i] = s[(i + self.M) % self.N] ^ (x >> 1) ^ (0xB5026F5AA96619E9 if x & 1 else 0)
        self._at = 0

    def __call__(self):
        if self._at == self.N:
            self._turn()
        x = self._state[self._at]
        self._at += 1
        x ^= (x >> 29) & 0x5555555555555555
        x ^= (x << 17) & 0x71D67FFFEDA60000
        x ^= (x << 37) & 0xFFF7EEE000000000
        return (x ^ (x >> 43)) & self.MASK

    def below(self, bound):
        """A whole number below `bound`, from the high half of a product."""
        return (self() * bound) >> 64


@functools.lru_cache(maxsize=None)
def people_draws(count, resamples=1000):
    """`resamples` draws with replacement of `count` people's indices."""
    random = Mt19937_64(1)
    return [[random.below(count) for _ in range(count)] for _ in range(resamples)]


@functools.lru_cache(maxsize=None)
def block_weights(frames, block, resamples, seed):
    """How often each frame is in each resample of a moving-block bootstrap."""
    random, block, all_weights = Mt19937_64(seed), min(block, frames), []
    for _ in range(resamples):
        weights, drawn = [0] * frames, 0
        while drawn < frames:
            start = random.below(frames - block + 1)
            for i in range(min(block, frames - drawn)):
                weights[start + i] += 1
                drawn += 1
        all_weights.append(weights)
    return all_weights
