#pragma once
#include <cmath>
#include <optional>
#include <string>
#include <utility>

namespace deid::kinematics {

/// A number, or the reason why there is none. The number is never NaN or infinite, so every report can be
/// written.
class Value {
public:
  /// No number and no reason yet. Every measure replaces it.
  Value() = default;
  Value(double number)
      : number_(std::isfinite(number) ? std::optional(number) : std::nullopt),
        why_(number_ ? "" : "the result is not a finite number") {}
  /// why: part of a sentence for the reader, e.g. "the left wrist was never seen in both streams".
  static Value none(std::string why) {
    Value value;
    value.why_ = std::move(why);
    return value;
  }

  [[nodiscard]] bool known() const { return number_.has_value(); }
  /// Throws std::bad_optional_access when not known.
  [[nodiscard]] double get() const { return number_.value(); }
  [[nodiscard]] const std::string& why() const { return why_; }

private:
  std::optional<double> number_{};
  std::string why_ = "not measured";
};

/// f(a) or f(a, b) when all are known, else the first reason.
template <typename F> Value apply(const Value& a, F f) {
  return a.known() ? Value(f(a.get())) : a;
}
template <typename F> Value apply(const Value& a, const Value& b, F f) {
  if (!a.known())
    return a;
  return b.known() ? Value(f(a.get(), b.get())) : b;
}
/// a / b; n/a with `why` when b is 0.
inline Value ratio(const Value& a, const Value& b, const std::string& why) {
  if (a.known() && b.known() && b.get() == 0)
    return Value::none(why);
  return apply(a, b, [](double x, double y) { return x / y; });
}

/// One figure in both streams.
struct Pair {
  Value original{};
  Value deidentified{};
  /// de-identified - original
  [[nodiscard]] Value difference() const {
    return apply(deidentified, original, [](double d, double o) { return d - o; });
  }
};

} // namespace deid::kinematics
