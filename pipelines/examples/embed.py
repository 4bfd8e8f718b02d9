#!/usr/bin/python3
"""embed.py IN OUT.mkv: faces replaced from within a Python program, with GStreamer's own binding.

    apt-get install python3-gi gir1.2-gstreamer-1.0
    . build/env          (or . PREFIX/share/gst-deid/env): makes the elements available
"""
import sys

import gi

gi.require_version("Gst", "1.0")
from gi.repository import Gst  # noqa: E402  (the version is chosen first)

GRAPH = ("filesrc name=in ! decodebin expose-all-streams=false caps=video/x-raw(ANY) ! video/x-raw ! queue ! videoconvert "
         "! videoflip video-direction=auto ! deidfacedetect ! deidfaceswap name=swap "
         "! queue ! x264enc speed-preset=veryfast ! matroskamux ! filesink name=out")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    Gst.init(None)
    pipeline = Gst.parse_launch(GRAPH)
    pipeline.get_by_name("in").set_property("location", sys.argv[1])
    pipeline.get_by_name("out").set_property("location", sys.argv[2])
    pipeline.set_state(Gst.State.PLAYING)
    message = pipeline.get_bus().timed_pop_filtered(Gst.CLOCK_TIME_NONE, Gst.MessageType.ERROR | Gst.MessageType.EOS)
    failed = message.type == Gst.MessageType.ERROR
    if failed:
        print(message.parse_error()[0].message, file=sys.stderr)  # the output must not be used
    else:
        print(pipeline.get_by_name("swap").get_property("stats").to_string())
    pipeline.set_state(Gst.State.NULL)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
