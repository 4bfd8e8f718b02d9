#include "elements/measures/statistics/spread.hpp"
#include "elements/measures/statistics/quantile.hpp"
#include "elements/measures/statistics/random.hpp"
#include <algorithm>
#include <cmath>
#include <numeric>

namespace deid::statistics {

Spread spread_of(std::vector<double> values) {
  Spread s{.n = values.size()};
  if (values.empty())
    return s;
  std::ranges::sort(values); // sorted values give the same sum for any input order
  const auto n = static_cast<double>(values.size());
  s.mean = std::accumulate(values.begin(), values.end(), 0.) / n;
  double squares = 0;
  for (const double value : values)
    squares += (value - s.mean) * (value - s.mean);
  s.sd = values.size() > 1 ? std::sqrt(squares / (n - 1)) : 0;
  s.min = values.front();
  s.median = quantile(values, .5);
  s.max = values.back();
  return s;
}

Interval wilson(std::size_t hits, std::size_t n) {
  if (n == 0)
    return {};
  constexpr double z = 1.959963984540054; // 97.5 % quantile of the normal distribution
  const auto count = static_cast<double>(n);
  const double share = static_cast<double>(hits) / count, scale = 1 + z * z / count;
  const double middle = (share + z * z / (2 * count)) / scale;
  const double half = z * std::sqrt(share * (1 - share) / count + z * z / (4 * count * count)) / scale;
  return {std::max(0., middle - half), std::min(1., middle + half), true};
}

Interval by_people(std::span<const HitCount> people) {
  std::vector<HitCount> with;
  std::ranges::copy_if(people, std::back_inserter(with), [](const HitCount& t) { return t.tries > 0; });
  if (with.size() < 2)
    return {};
  std::mt19937_64 random(1);
  std::vector<double> shares;
  for (std::size_t i = 0; i < resamples; ++i) {
    HitCount sum;
    for (std::size_t k = 0; k < with.size(); ++k) {
      const HitCount& one = with[below(with.size(), random)];
      sum.hits += one.hits;
      sum.tries += one.tries;
    }
    shares.push_back(static_cast<double>(sum.hits) / static_cast<double>(sum.tries));
  }
  std::ranges::sort(shares);
  return {quantile(shares, .025), quantile(shares, .975), true};
}

} // namespace deid::statistics
