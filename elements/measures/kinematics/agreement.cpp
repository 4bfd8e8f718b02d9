#include "elements/measures/kinematics/agreement.hpp"
#include <algorithm>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <vector>

namespace deid::kinematics {
namespace {

namespace bm = boost::math;
// An undefined result becomes NaN, which Value reports; boost throws nothing.
using Quiet = bm::policies::policy<bm::policies::domain_error<bm::policies::ignore_error>,
                                   bm::policies::pole_error<bm::policies::ignore_error>,
                                   bm::policies::overflow_error<bm::policies::ignore_error>,
                                   bm::policies::evaluation_error<bm::policies::ignore_error>>;
constexpr double upper = .975; // of a two-sided 95 % interval

double student(double freedom) {
  return bm::quantile(bm::students_t_distribution<double, Quiet>(freedom), upper);
}

double fisher(double over, double under) {
  return bm::quantile(bm::fisher_f_distribution<double, Quiet>(over, under), upper);
}

/// Sums of squares and products around the means.
struct Moments {
  double n = 0, mean_o = 0, mean_d = 0, oo = 0, dd = 0, od = 0;
};

Moments moments(std::span<const Measured> pairs) {
  Moments m{.n = static_cast<double>(pairs.size())};
  for (const Measured& pair : pairs) {
    m.mean_o += pair.original / m.n;
    m.mean_d += pair.deidentified / m.n;
  }
  for (const Measured& pair : pairs) {
    const double o = pair.original - m.mean_o;
    const double d = pair.deidentified - m.mean_d;
    m.oo += o * o;
    m.dd += d * d;
    m.od += o * d;
  }
  return m;
}

/// Rounding makes constant values vary by this much.
bool constant(double squares, double mean, double n) {
  return !(squares > 1e-24 * n * mean * mean);
}

void bland_altman(Agreement& result, const Moments& m) {
  const double bias = m.mean_d - m.mean_o;
  const double sd = std::sqrt(std::max(0., m.oo + m.dd - 2 * m.od) / (m.n - 1));
  const double t = student(m.n - 1);
  const double of_bias = t * sd / std::sqrt(m.n);
  const double of_limit = t * sd * std::sqrt(3 / m.n);
  result.bias = bias;
  result.sd = sd;
  result.bias_ci = {bias - of_bias, bias + of_bias};
  result.limit_low = bias - 1.96 * sd;
  result.limit_high = bias + 1.96 * sd;
  result.limit_low_ci = {bias - 1.96 * sd - of_limit, bias - 1.96 * sd + of_limit};
  result.limit_high_ci = {bias + 1.96 * sd - of_limit, bias + 1.96 * sd + of_limit};
  // cov(d - o, (d + o) / 2) / var((d + o) / 2)
  const double spread = (m.dd + m.oo + 2 * m.od) / 4;
  result.slope = constant(spread, (m.mean_o + m.mean_d) / 2, m.n) ? Value::none("the values do not vary")
                                                                  : Value((m.dd - m.oo) / 2 / spread);
}

/// Two-way analysis of variance: mean squares of rows (subjects), columns (streams) and error.
struct MeanSquares {
  double rows, columns, error;
};

MeanSquares mean_squares(const Moments& m) {
  const double rows = std::max(0., (m.oo + m.dd + 2 * m.od) / 2);
  const double error = std::max(0., (m.oo + m.dd - 2 * m.od) / 2);
  const double bias = m.mean_d - m.mean_o;
  return {rows / (m.n - 1), m.n * bias * bias / 2, error / (m.n - 1)};
}

Interval icc_interval(double icc, const MeanSquares& s, double n) {
  constexpr double k = 2;
  if (icc >= 1)
    return {1., 1.};
  const double a = k * icc / (n * (1 - icc));
  const double b = 1 + k * icc * (n - 1) / (n * (1 - icc));
  const double mixed = a * s.columns + b * s.error;
  const double v =
      mixed * mixed / (std::pow(a * s.columns, 2) / (k - 1) + std::pow(b * s.error, 2) / ((n - 1) * (k - 1)));
  if (!(v > 0))
    return {Value::none("the error has no degrees of freedom"),
            Value::none("the error has no degrees of freedom")};
  const double noise = k * s.columns + (k * n - k - n) * s.error;
  const double below = fisher(n - 1, v);
  const double above = fisher(v, n - 1);
  return {n * (s.rows - below * s.error) / (below * noise + n * s.rows),
          n * (above * s.rows - s.error) / (noise + n * above * s.rows)};
}

void set_all(Agreement& a, const Value& value) {
  for (Value* each : {&a.bias, &a.bias_ci.low, &a.bias_ci.high, &a.sd, &a.limit_low, &a.limit_high,
                      &a.limit_low_ci.low, &a.limit_low_ci.high, &a.limit_high_ci.low, &a.limit_high_ci.high,
                      &a.slope, &a.icc, &a.icc_ci.low, &a.icc_ci.high, &a.ccc, &a.sem, &a.mdc95, &a.pearson})
    *each = value;
}

} // namespace

Agreement agreement(std::span<const Measured> pairs) {
  std::vector<Measured> sound;
  for (const Measured& pair : pairs)
    if (std::isfinite(pair.original) && std::isfinite(pair.deidentified))
      sound.push_back(pair);
  Agreement result{.n = sound.size(), .excluded = pairs.size() - sound.size()};
  if (sound.size() < 2) {
    set_all(result, Value::none("agreement needs at least two pairs of values, there " +
                                std::string(sound.empty() ? "is none" : "is one")));
    return result;
  }
  const Moments m = moments(sound);
  bland_altman(result, m);
  const Value flat = Value::none("the values do not vary");
  const bool flat_o = constant(m.oo, m.mean_o, m.n);
  const bool flat_d = constant(m.dd, m.mean_d, m.n);
  result.pearson =
      flat_o || flat_d ? flat : Value(std::clamp(m.od / std::sqrt(m.oo) / std::sqrt(m.dd), -1., 1.));
  if (flat_o && flat_d) {
    result.icc = result.icc_ci.low = result.icc_ci.high = result.ccc = result.sem = result.mdc95 = flat;
    return result;
  }
  const double bias = m.mean_d - m.mean_o;
  result.ccc = 2 * m.od / (m.oo + m.dd + m.n * bias * bias);
  const MeanSquares s = mean_squares(m);
  const double icc = (s.rows - s.error) / (s.rows + s.error + 2 * (s.columns - s.error) / m.n);
  result.icc = icc;
  result.icc_ci = icc_interval(icc, s, m.n);
  const double sd = std::sqrt((m.oo + m.dd + m.n * bias * bias / 2) / (2 * m.n - 1));
  result.sem = sd * std::sqrt(std::max(0., 1 - icc));
  result.mdc95 = apply(result.sem, [](double sem) { return 1.96 * std::sqrt(2.) * sem; });
  return result;
}

} // namespace deid::kinematics
