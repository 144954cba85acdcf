using LienThong.Platform.Plans.Import;
using Xunit;

namespace LienThong.Unit.Plans.Import;

/// <summary>Names of bodies hold commas and "và": a separator separates only where a name begins (T6, monitoring §5).</summary>
public sealed class AgencyNamesTests
{
    [Theory]
    [InlineData("Sở Khoa học và Công nghệ", "Sở Khoa học và Công nghệ")]
    [InlineData("Sở Văn hóa, Thể thao và Du lịch", "Sở Văn hóa, Thể thao và Du lịch")]
    [InlineData("Các sở, ban, ngành, địa phương", "Các sở, ban, ngành, địa phương")]
    [InlineData("UBND các xã, phường, đặc khu", "UBND các xã, phường, đặc khu")]
    [InlineData("Sở Tài chính; Sở Nội vụ", "Sở Tài chính|Sở Nội vụ")]
    [InlineData("Sở Tài chính, Sở Nội vụ và Công an tỉnh", "Sở Tài chính|Sở Nội vụ|Công an tỉnh")]
    [InlineData("- Sở Y tế\n- Sở Giáo dục và Đào tạo", "Sở Y tế|Sở Giáo dục và Đào tạo")]
    [InlineData("Sở Giáo dục\nvà Đào tạo", "Sở Giáo dục và Đào tạo")]
    [InlineData("Văn phòng\nỦy ban nhân dân tỉnh", "Văn phòng Ủy ban nhân dân tỉnh")]
    [InlineData("Các sở, ban, ngành; UBND các xã, phường", "Các sở, ban, ngành|UBND các xã, phường")]
    [InlineData("Các sở, ban, ngành, UBND các xã, phường", "Các sở, ban, ngành|UBND các xã, phường")]
    [InlineData("Sở Tài chính và các đơn vị liên quan", "Sở Tài chính|các đơn vị liên quan")]
    [InlineData("Các Sở: Tài chính, Văn hóa, Thể thao và Du lịch, Nội vụ", "Sở Tài chính|Sở Văn hóa, Thể thao và Du lịch|Sở Nội vụ")]
    [InlineData("Văn phòng Đoàn ĐBQH và HĐND tỉnh", "Văn phòng Đoàn ĐBQH và HĐND tỉnh")]
    [InlineData("Sở Y tế, Báo và Phát thanh, truyền hình tỉnh, Công an tỉnh", "Sở Y tế|Báo và Phát thanh, truyền hình tỉnh|Công an tỉnh")]
    [InlineData("Ban Quản lý Khu kinh tế và các khu công nghiệp tỉnh", "Ban Quản lý Khu kinh tế và các khu công nghiệp tỉnh")]
    [InlineData("Phòng Khảo thí - CNTT", "Phòng Khảo thí - CNTT")]
    [InlineData("Khoa Phòng, chống HIV/AIDS", "Khoa Phòng, chống HIV/AIDS")]
    [InlineData("Tổ giúp việc theo Quyết định số 77/QĐ-UBND", "Tổ giúp việc theo Quyết định số 77/QĐ-UBND")]
    [InlineData("Sở Tài chính/Sở Nội vụ", "Sở Tài chính|Sở Nội vụ")]
    [InlineData("STC - SNV", "STC|SNV")]
    [InlineData("So Tai chinh, Cong an tinh", "So Tai chinh|Cong an tinh")]
    public void Names_are_split_only_where_a_name_begins(string cell, string names) => Assert.Equal(names.Split('|'), AgencyNames.Read(cell).Leads);

    [Theory]
    [InlineData("Chủ trì: Sở Nội vụ; Phối hợp: Sở Tài chính, Công an tỉnh", "Sở Nội vụ", "Sở Tài chính|Công an tỉnh")]
    [InlineData("- Chủ trì: Sở Nội vụ\n- Phối hợp: Sở Tài chính", "Sở Nội vụ", "Sở Tài chính")]
    [InlineData("Sở Nội vụ (chủ trì), Sở Tài chính, Công an tỉnh (phối hợp)", "Sở Nội vụ", "Sở Tài chính|Công an tỉnh")]
    [InlineData("Sở Nội vụ chủ trì, phối hợp với Sở Tài chính và Công an tỉnh", "Sở Nội vụ", "Sở Tài chính|Công an tỉnh")]
    public void Roles_written_inside_a_cell_are_taken_apart(string cell, string leads, string coordinators)
    {
        var read = AgencyNames.Read(cell);
        Assert.Equal(leads.Split('|'), read.Leads);
        Assert.Equal(coordinators.Split('|'), read.Coordinators);
    }

    [Theory]
    [InlineData("Sở Y tế (đ/c Nguyễn Văn A, 0905 123 456)")]
    [InlineData("Sở Y tế\nNguyễn Văn A\n0905.123.456")]
    [InlineData("Sở Y tế (đầu mối: Lê Thị B - 0905123456)")]
    [InlineData("Sở Y tế, email: syt@tinh.gov.vn")]
    public void Persons_and_their_numbers_are_removed(string cell)
    {
        var read = AgencyNames.Read(cell);
        Assert.Equal(["Sở Y tế"], read.Leads);
        Assert.True(read.PersonalData);
    }

    [Fact]
    public void A_place_named_after_a_person_is_no_person()
    {
        var read = AgencyNames.Read("UBND phường Trương Quang Trọng, UBND xã Nguyễn Nghiêm");
        Assert.Equal(["UBND phường Trương Quang Trọng", "UBND xã Nguyễn Nghiêm"], read.Leads);
        Assert.False(read.PersonalData);
    }

    /// <summary>One column for both: words, brackets and labels in every order people write them.</summary>
    [Theory]
    [InlineData("Công an tỉnh; Văn phòng UBND tỉnh phối hợp", "Công an tỉnh", "Văn phòng UBND tỉnh")]
    [InlineData("Sở Y tế; Bảo hiểm xã hội tỉnh (phối hợp)", "Sở Y tế", "Bảo hiểm xã hội tỉnh")]
    [InlineData("Sở KHCN (chủ trì); Sở Tài chính, Sở Tư pháp phối hợp", "Sở KHCN", "Sở Tài chính|Sở Tư pháp")]
    [InlineData("- Sở Nội vụ chủ trì.\n- Các đơn vị phối hợp: Văn phòng UBND tỉnh, Công an tỉnh", "Sở Nội vụ", "Văn phòng UBND tỉnh|Công an tỉnh")]
    [InlineData("Đồng chủ trì: Sở Tài chính, Sở Nội vụ", "Sở Tài chính|Sở Nội vụ", "")]
    [InlineData("Sở Tài chính, Sở Nội vụ (đồng chủ trì)", "Sở Tài chính|Sở Nội vụ", "")]
    [InlineData("Sở Tài chính là cơ quan chủ trì; Sở Nội vụ là cơ quan phối hợp", "Sở Tài chính", "Sở Nội vụ")]
    [InlineData("Công an tỉnh - cơ quan chủ trì; Sở Y tế", "Công an tỉnh", "Sở Y tế")]
    [InlineData("Sở Tài chính chủ trì; phối hợp: Sở Nội vụ", "Sở Tài chính", "Sở Nội vụ")]
    [InlineData("Sở Tài chính\n(Phối hợp: Sở Nội vụ)", "Sở Tài chính", "Sở Nội vụ")]
    [InlineData("Chủ trì: Sở Y tế; Phối hợp: Công an tỉnh; Theo dõi: Văn phòng UBND tỉnh", "Sở Y tế", "Công an tỉnh")]
    [InlineData("Sở Tư pháp chủ trì, phối hợp với Công an tỉnh, UBND các xã, phường", "Sở Tư pháp", "Công an tỉnh|UBND các xã, phường")]
    [InlineData("Sở Tư pháp chủ trì, phối hợp các sở, ban, ngành", "Sở Tư pháp", "các sở, ban, ngành")]
    [InlineData("Sở Tư pháp (chủ trì), Sở Y tế, Sở Xây dựng", "Sở Tư pháp", "Sở Y tế|Sở Xây dựng")]
    public void Roles_in_one_cell_are_told_apart_R_TSK_02(string cell, string leads, string coordinators)
    {
        var read = AgencyNames.Read(cell);
        Assert.Equal((leads, coordinators), (string.Join('|', read.Leads), string.Join('|', read.Coordinators)));
    }

    [Theory]
    [InlineData("Công an tỉnh Văn phòng UBND tỉnh", "Công an tỉnh|Văn phòng UBND tỉnh")]
    [InlineData("Sở Khoa học và Công nghệ Sở Tài chính", "Sở Khoa học và Công nghệ|Sở Tài chính")]
    [InlineData("Thành đoàn, Liên đoàn Lao động thành phố", "Thành đoàn|Liên đoàn Lao động thành phố")]
    [InlineData("Phòng An ninh mạng - Công an tỉnh", "Phòng An ninh mạng - Công an tỉnh")]
    [InlineData("(1) Công an tỉnh\n(2) Sở Y tế", "Công an tỉnh|Sở Y tế")]
    [InlineData("UBND thành phố Hội An", "UBND thành phố Hội An")]
    public void Names_end_where_the_next_one_begins(string cell, string names) => Assert.Equal(names, string.Join('|', AgencyNames.Read(cell).Leads));

    /// <summary>A name nothing can be added to ends at a comma or "và", whatever kind of body comes next (R-TSK-05).</summary>
    [Theory]
    [InlineData("Sở Giao thông vận tải, Thanh tra tỉnh", "Sở Giao thông vận tải|Thanh tra tỉnh")]
    [InlineData("Sở Quy hoạch - Kiến trúc và Sở Nội vụ", "Sở Quy hoạch - Kiến trúc|Sở Nội vụ")]
    [InlineData("Sở Tư pháp, Vườn quốc gia Ba Bể", "Sở Tư pháp|Vườn quốc gia Ba Bể")]
    [InlineData("Công an tỉnh và Trạm Kiểm lâm Đắk Tô", "Công an tỉnh|Trạm Kiểm lâm Đắk Tô")]
    [InlineData("Sở Xây dựng, chủ đầu tư, người dân", "Sở Xây dựng|chủ đầu tư|người dân")]
    [InlineData("Sở Y tế và cơ quan liên quan", "Sở Y tế|cơ quan liên quan")]
    [InlineData("UBND quận, huyện, Sở Tài chính", "UBND quận, huyện|Sở Tài chính")]
    [InlineData("Ban quản lý chợ, Sở Công Thương", "Ban quản lý chợ|Sở Công Thương")]
    [InlineData("Trung tâm Lưu trữ Thành phố Công an Thành phố", "Trung tâm Lưu trữ Thành phố|Công an Thành phố")]
    [InlineData("UBND các xã: Tân Lộc, Hồ Thị Kỷ, Viên Bình", "UBND xã Tân Lộc|UBND xã Hồ Thị Kỷ|UBND xã Viên Bình")]
    [InlineData("Sở Dân tộc và Tôn giáo", "Sở Dân tộc và Tôn giáo")]
    [InlineData("Sở Văn hóa, Thể thao và Du lịch", "Sở Văn hóa, Thể thao và Du lịch")]
    [InlineData("Sở Tài chính, Nội vụ, Y tế", "Sở Tài chính|Sở Nội vụ|Sở Y tế")]
    [InlineData("Công an tỉnh, xã", "Công an tỉnh, xã")]
    [InlineData("các sở, ban, ngành, người dân", "các sở, ban, ngành, người dân")]
    public void A_whole_name_ends_at_its_separator(string cell, string names) => Assert.Equal(names.Split('|'), AgencyNames.Read(cell).Leads);

    [Theory]
    [InlineData("Trung tâm Xúc tiến Du lịch - Thương mại và Hội chợ tỉnh", "Trung tâm Xúc tiến Du lịch - Thương mại và Hội chợ tỉnh")]
    [InlineData("UBND phường Thạnh Xuân, Thạnh Lộc, An Phú Đông", "UBND phường Thạnh Xuân|UBND phường Thạnh Lộc|UBND phường An Phú Đông")]
    [InlineData("Công an phường Thạnh Xuân, Thạnh Lộc; Sở Y tế", "Công an phường Thạnh Xuân|Công an phường Thạnh Lộc|Sở Y tế")]
    [InlineData("UBND phường Thạnh Xuân, Viettel tỉnh", "UBND phường Thạnh Xuân|Viettel tỉnh")]
    [InlineData("Sở Xây dựng (đ/c Nam, ĐT: 0912.345.678)", "Sở Xây dựng")]
    public void Names_go_on_over_what_is_no_body_and_places_of_one_kind_share_their_head(string cell, string names) =>
        Assert.Equal(names.Split('|'), AgencyNames.Read(cell).Leads);

    [Theory]
    [InlineData("Ban Thường trực Ủy ban\nMTTQ Việt Nam tỉnh;\nUBND tỉnh", "Ban Thường trực Ủy ban MTTQ Việt Nam tỉnh|UBND tỉnh")]
    [InlineData("Công ty TNHH\nMTV Cấp nước Bình Sơn", "Công ty TNHH MTV Cấp nước Bình Sơn")]
    public void A_line_end_inside_a_name_ends_no_name(string cell, string names) => Assert.Equal(names.Split('|'), AgencyNames.Read(cell).Leads);

    [Theory]
    [InlineData("Sở Xây dựng Các chủ đầu tư", true)]
    [InlineData("UBND xã Tân Sở Tài chính Lập", true)]
    [InlineData("Ngân hàng Nhà Ngân hàng nước Chi nhánh", true)]
    [InlineData("UBND các xã, phường", false)]
    [InlineData("Thanh tra Sở Xây dựng", false)]
    [InlineData("Chi cục Thủy lợi thuộc Sở Nông nghiệp và Môi trường", false)]
    [InlineData("Đảng ủy UBND tỉnh", false)]
    public void Names_run_into_each_other_are_known(string name, bool runs) => Assert.Equal(runs, AgencyNames.RunsTogether(name));
}
