#pragma once
#include "elements/faceswap/choice/face_selection.hpp"
#include "elements/faceswap/choice/hands_trial.hpp"
#include "elements/faceswap/choice/identity_tracker.hpp"
#include "elements/faceswap/compose.hpp"
#include "elements/faceswap/crop.hpp"
#include "elements/faceswap/load.hpp"
#include "elements/faceswap/perception/landmarker.hpp"

namespace deid::faceswap {

/// What becomes of a face that is not to be swapped.
enum class Others : std::uint8_t { blur, fill };

struct SwapSettings {
  ComposeOptions compose{};
  SwapGateOptions gate{};
  VerifyOptions verify{};
  FaceSelection selection{};
  Others others = Others::blur;
  cover::Shape shape = cover::Shape::contour; ///< of the masks, and
  float margin = 0.02F;                       ///< theirs: results look otherwise when they change
  bool hands = true;                          ///< hands before a face stay in front of what is drawn on it
  bool correct = true;  ///< features are drawn so that they are seen where the person's are
  bool pick = true;     ///< the best target for everybody; false: the next in the list
  bool trained = false; ///< there is a network for one person: who it is must be known, whatever is verified
  [[nodiscard]] TrackingOptions tracker() const {
    const int looks = trained && verify.every == 0 ? VerifyOptions{}.every : verify.every;
    return {pick || trained || looks > 0, looks, {.pick = pick, .least = verify.least}, trained};
  }
};

/// Something that a person at the controls should hear of.
struct SwapEvent {
  enum class Kind : std::uint8_t { chosen, refused, raised, reassigned, covered };
  Kind kind = Kind::chosen;
  std::uint32_t face = 0;
  Reason why = Reason::none; ///< of a refusal
  std::string target{};      ///< name; empty: none
  double distance = 0;       ///< chosen, refused: between person and target; else between person and result
  Rank rank{};               ///< of the result
  float geometry = 0;
};
const char* to_string(SwapEvent::Kind kind);

struct SwapCounters {
  std::uint64_t swapped = 0, blurred = 0; ///< faces of frames
  std::uint64_t described = 0;            ///< runs of the describer: what choice and checks cost
  std::uint64_t verified = 0;             ///< results that were checked
  std::uint64_t refused = 0;              ///< of them, those that were not shown
  double worst = 0, sum = 0;              ///< distance of those that were shown; worst 0: none yet
};

/// What is asked about faces. Null: nothing is.
struct Networks {
  std::unique_ptr<Describer> describer{};
  std::unique_ptr<Landmarker> landmarker{}; ///< where the features of results are
  std::unique_ptr<HandFinder> hands{};
};

/// Everything between a planned frame and what is laid over its faces: who is who, who plays whom, whether it
/// may be shown. Nothing here keeps a picture of a person longer than a frame. Threads: one at a time.
class Swapper {
public:
  /// What every face is covered with below the swap.
  static cover::Style style();
  /// networks: the describer may be null only when nothing is to be described. describe: target files without
  /// a descriptor get one now. trained: its target goes to the person it was trained for and to
  /// nobody else; `loaded` is for the others, who stay covered when it is empty. Throws TargetError when a
  /// target makes no mesh, and what the describer throws.
  Swapper(const Loaded& loaded, Networks networks, bool describe, std::optional<Trained> trained = {});

  struct Done {
    std::vector<cover::Overlay> overlays{}; ///< one for each face
    std::vector<SwapEvent> events{};
  };
  /// original: before anything is covered. What is too close is not in the overlays of this very frame.
  Done frame(const video::FrameView& original, const cover::Plan& plan, const SwapSettings& settings);
  void flush(const SwapSettings& settings);
  [[nodiscard]] const SwapCounters& counters() const { return counters_; }

private:
  /// One face of the frame in hand.
  struct FaceContext {
    const video::FrameView& original;
    const cover::Plan& plan;
    std::size_t index; ///< in plan.faces
    SwapGate::Step& step;
    std::uint32_t id;
    const SwapSettings& settings;
    std::vector<SwapEvent>& events;
    [[nodiscard]] const cover::Mask& mask() const { return plan.faces[index].mask; }
  };
  /// Runs of the describer that looks at originals must leave for results.
  [[nodiscard]] int reserved(std::span<const FaceRegion> faces, const SwapSettings& settings);
  void look_at(const video::FrameView& original, const FaceRegion& face, const SwapSettings& settings,
               int keep, std::vector<SwapEvent>& events);
  cover::Overlay render_or_cover(const FaceContext& context);
  std::optional<cover::Overlay> swapped(const FaceContext& context, Subject& subject, Reason& why);
  void wait(const FaceContext& context);
  cover::Overlay composed(const FaceContext& context, const Subject& subject, float blend_weight) const;
  /// As settings.verify, without raising what cannot be raised.
  [[nodiscard]] VerifyOptions verify_of(const FaceContext& context, const Subject& subject) const;
  void find_hands(const video::FrameView& original, std::span<const FaceRegion> faces,
                  std::span<const SwapGate::Step> steps, const SwapSettings& settings);
  /// Notices hands that came before faces since the results were checked.
  void watch_hands(const cover::Plan& plan, std::span<const FaceRegion> faces,
                   std::span<const SwapGate::Step> steps);
  /// The trial of the hands that are drawn before this face; null when none are.
  HandsTrial* hands_before(std::uint32_t id);
  Verdict look_of(const FaceContext& context, const Subject& subject, const cover::Overlay& overlay);
  void correct(const FaceContext& context, const Subject& subject, cover::Overlay& overlay);
  bool try_targets(const FaceContext& context, Subject& subject);
  Act check(const FaceContext& context, Subject& subject, cover::Overlay& overlay);
  Act refuse(const FaceContext& context, Subject& subject, Act act, const Verdict& verdict, float geometry);
  std::optional<Verdict> verdict_on(const FaceContext& context, const Subject& subject,
                                    cover::Overlay& overlay);
  Descriptor describe(const cv::Mat& rgb, std::span<const cv::Point3f> landmarks);
  /// Results look otherwise from now on: what was found says nothing any more.
  void notice_change(const SwapSettings& settings);

  std::vector<NamedPainter> targets_{};
  Networks networks_;
  HandsInFront follower_{};
  std::vector<SeenHand> hands_{};                ///< of the frame in hand
  std::map<std::uint32_t, HandsTrial> trials_{}; ///< of the faces of this frame
  std::optional<IdentityTracker> tracker_{};
  SwapGate gate_{};
  FaceSelector selector_{};
  SwapCounters counters_{};
  std::optional<SwapSettings> last_{};
  int looks_left_ = 0;
  /// The first face that got no run for its result, and for a look, in this frame: begins the next.
  std::optional<std::uint32_t> waiting_{}, unseen_{};
};

} // namespace deid::faceswap
