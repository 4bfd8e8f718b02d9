#include "pipelines/deid/review/server/gate.hpp"
#include "pipelines/deid/failure.hpp"
#include <array>
#include <string_view>
#include <sys/random.h>
#include <utility>

namespace deid::review::page {
namespace {

/// 256 random bits in hex.
std::string secret() {
  std::array<unsigned char, 32> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
    throw cli::Failure("The system gives no random numbers, so the page would not be safe.");
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : bytes) {
    text += digits[byte >> 4U];
    text += digits[byte & 15U];
  }
  return text;
}

/// Takes the same time wherever the first difference is.
bool same(std::string_view a, std::string_view b) {
  if (a.size() != b.size())
    return false;
  unsigned different = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    different |= static_cast<unsigned char>(a[i]) ^ static_cast<unsigned char>(b[i]);
  return different == 0;
}

/// The value of one cookie in the header "a=1; b=2"; empty when it is not there.
std::string_view cookie_value(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    const std::size_t end = header.find(';');
    std::string_view one = header.substr(0, end);
    header = end == std::string_view::npos ? std::string_view{} : header.substr(end + 1);
    one.remove_prefix(std::min(one.find_first_not_of(' '), one.size()));
    const std::size_t equals = one.find('=');
    if (equals != std::string_view::npos && one.substr(0, equals) == name)
      return one.substr(equals + 1);
  }
  return {};
}

} // namespace

Gate::Gate(int port)
    : host_("127.0.0.1:" + std::to_string(port)), origin_("http://" + host_),
      cookie_name_("deid-review-" + std::to_string(port)), token_(secret()), cookie_(secret()),
      key_(secret()) {}

std::string Gate::refuses(const Asker& asker) const {
  // A page of another name that was pointed at 127.0.0.1 (DNS rebinding) still sends its own name.
  if (asker.host != host_)
    return "The page has the address " + origin_ + " and no other.";
  if (!asker.origin.empty() && asker.origin != origin_)
    return "A page of another origin gets no answer.";
  if (asker.changes && asker.origin.empty())
    return "A change comes from the page itself, which names its origin.";
  // The first visit may come from a link elsewhere; it has no cookie and no key yet.
  if (asker.site == "cross-site" && (asker.changes || !asker.key.empty()))
    return "A page of another site gets no answer.";
  return {};
}

bool Gate::redeem(const std::string& token) {
  if (!same(token, token_))
    return false;
  const std::scoped_lock lock(mutex_);
  return !std::exchange(used_, true);
}

bool Gate::has_cookie(const Asker& asker) const {
  return same(cookie_value(asker.cookie, cookie_name_), cookie_);
}

bool Gate::has_key(const Asker& asker) const {
  return has_cookie(asker) && same(asker.key, key_);
}

std::string Gate::set_cookie() const {
  return cookie_name_ + "=" + cookie_ + "; HttpOnly; SameSite=Strict; Path=/";
}

std::string Gate::address() const {
  return origin_ + "/?token=" + token_;
}

} // namespace deid::review::page
