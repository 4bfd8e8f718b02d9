#include "elements/meta/wish_meta.hpp"
#include "elements/meta/owned_meta.hpp"
#include <stdexcept>

namespace deid {

namespace {

struct WishTraits {
  using Value = Wishes;
  static constexpr const char* name = "DeidWishMeta";
  static constexpr const char* api_name = "DeidWishMetaAPI";
  static std::optional<Wishes> placed(Wishes wishes, const PlaceChange& change) {
    wishes.width = change.frame.width;
    wishes.height = change.frame.height;
    return wishes;
  }
};
using WishMeta = OwnedMeta<WishTraits>;

} // namespace

void attach_wishes(GstBuffer* buffer, Wishes wishes) {
  if (buffer == nullptr || !gst_buffer_is_writable(buffer))
    throw std::invalid_argument("buffer is not writable: its wishes cannot be changed");
  WishMeta::remove(buffer);
  if (!WishMeta::add(buffer, std::move(wishes)))
    throw std::runtime_error("wishes could not be attached");
}

const Wishes* find_wishes(GstBuffer* buffer) {
  return WishMeta::find(buffer);
}

Treatment wish_for(const Wishes& wishes, std::uint32_t id) {
  const auto found = wishes.least.find(id);
  return found == wishes.least.end() ? Treatment::none : found->second;
}

} // namespace deid
